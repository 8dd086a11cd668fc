package fedbiomed.node.command;

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
            var plans = at.plans(database, clock());
            var plan = plans.resolve(id);
            plans.delete(plan);
            out().println("Plan " + plan.className() + " (" + plan.id().abbreviated() + ") is forgotten"
                    + (plan.source().attachments().isEmpty() ? "." : ", with the attachments that no other plan has."));
        }
    }
}
