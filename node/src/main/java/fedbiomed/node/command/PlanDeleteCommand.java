package fedbiomed.node.command;

import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.protocol.command.FedbiomedCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "delete",
        description =
                "Forgets a training plan and what was decided on it; what runs with it ends. If it is sent again, it is"
                        + " reviewed anew.")
final class PlanDeleteCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "ID", description = "The plan's id or an unambiguous beginning of it, from 'plan list'.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String id;

    @Override
    protected void run() {
        try (var database = at.database()) {
            var plans = new PlanRegistry(database, clock());
            var plan = plans.resolve(id);
            plans.delete(plan.id());
            out().println("Plan " + plan.className() + " (" + plan.id().abbreviated() + ") is forgotten.");
        }
    }
}
