package fedbiomed.node.command;

import fedbiomed.node.registry.AttachmentStore;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Attachment;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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

    @Option(
            names = "--attachment",
            paramLabel = "FILE",
            description = "A file that belongs to the plan, such as its TorchScript network; once for each.")
    List<Path> attachments = List.of();

    @Option(names = "--note", paramLabel = "TEXT", defaultValue = "", description = "What is to be remembered of it.")
    String note = "";

    @Override
    protected void run() {
        try (var database = at.database()) {
            var plans = at.plans(database, clock());
            var source = source(plans.files());
            var plan = plans.register(at.party(), source, note);
            out().println("Plan " + plan.className() + " (" + plan.id().abbreviated() + ") is registered and "
                    + plan.status().word() + "; 'fedbiomed node plan approve "
                    + plan.id().abbreviated() + "' lets it run.");
        }
    }

    /** The plan and its files, which are stored before the plan is known: what is missing of a known one is put back. */
    private PlanSource source(AttachmentStore files) {
        var text = PlanSource.read(file);
        if (text.namesTorchScript() && attachments.isEmpty()) {
            throw new IllegalArgumentException("the plan " + file
                    + " brings a TorchScript network; give the file that its script() names with --attachment");
        }
        var source =
                text.with(attachments.stream().map(PlanAddCommand::attachment).toList());
        for (var path : attachments) {
            files.add(path, attachment(path));
        }
        return source;
    }

    private static Attachment attachment(Path path) {
        try {
            return Attachment.of(path);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "cannot read the attachment " + path + " (" + e.getClass().getSimpleName()
                            + "); give the path of a file that belongs to the plan",
                    e);
        }
    }
}
