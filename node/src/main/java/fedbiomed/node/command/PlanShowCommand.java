package fedbiomed.node.command;

import fedbiomed.node.registry.ReviewedPlan;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.ShownTime;
import fedbiomed.vocabulary.Text;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description =
                "Show a training plan's whole text, as it will be compiled, and the code of its TorchScript network.")
final class PlanShowCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "ID", description = "The plan's id or an unambiguous beginning of it, from 'plan list'.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String id;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    /** @param contents of the attachments, by name */
    record Shown(PlanListCommand.Shown plan, String text, SortedMap<String, String> contents) {}

    @Override
    protected void run() {
        try (var database = at.database()) {
            var plans = at.plans(database, clock());
            var plan = plans.resolve(id);
            if (json) {
                var contents = new TreeMap<String, String>();
                plan.source()
                        .attachments()
                        .forEach(attachment -> contents.put(
                                attachment.name(),
                                String.join(
                                        "\n",
                                        AttachmentText.of(attachment, plans.files())
                                                .content()
                                                .lines())));
                printJson(
                        new Shown(PlanListCommand.Shown.of(plan), plan.source().text(), contents));
            } else {
                print(plan);
                plan.source().attachments().forEach(attachment -> print(AttachmentText.of(attachment, plans.files())));
            }
        }
    }

    private void print(ReviewedPlan plan) {
        var out = out();
        out.println("Plan " + plan.className() + ", " + plan.status().word() + ", from " + plan.researcher() + " at "
                + ShownTime.of(plan.requested()) + ".");
        out.println("Its id: " + plan.id());
        var decided = plan.decided();
        if (decided != null) {
            out.println("Decided by " + plan.decidedBy() + " at " + ShownTime.of(decided) + ".");
        }
        if (!plan.requestNote().isEmpty()) {
            out.println("The researcher's note: "
                    + Text.shown(plan.requestNote(), plan.requestNote().length()));
        }
        if (!plan.decisionNote().isEmpty()) {
            out.println("Your note: "
                    + Text.shown(plan.decisionNote(), plan.decisionNote().length()));
        }
        out.println();
        print(PlanText.of(plan.source().text()));
    }

    private void print(AttachmentText attachment) {
        out().println();
        out().println("Attachment " + attachment.named() + ":");
        print(attachment.content());
    }

    private void print(PlanText text) {
        var out = out();
        text.lines().forEach(out::println);
        if (text.hasHidden()) {
            out.println();
            out.println(text.warning());
        }
    }
}
