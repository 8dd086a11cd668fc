package fedbiomed.node.command;

import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.training.plan.PlanSource;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "add",
        description =
                "Registers a training plan from a file, e.g. one that was agreed upon outside. Like any other it is not"
                        + " approved by that.")
final class PlanAddCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "FILE", description = "The plan's Java source file.")
    @SuppressWarnings("NullAway.Init") // picocli's
    Path file;

    @Option(names = "--note", paramLabel = "TEXT", defaultValue = "", description = "What is to be remembered of it.")
    String note = "";

    @Override
    protected void run() {
        try (var database = at.database()) {
            var plan = new PlanRegistry(database, clock()).register(at.party(), PlanSource.read(file), note);
            out().println("Plan " + plan.className() + " (" + plan.id().abbreviated() + ") is registered and "
                    + plan.status().word() + "; 'fedbiomed node plan approve "
                    + plan.id().abbreviated() + "' lets it run.");
        }
    }
}
