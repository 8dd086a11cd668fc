package fedbiomed.node.command;

import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.node.registry.ReviewedPlan;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.ShownTime;
import fedbiomed.vocabulary.Text;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Show a training plan's whole text, as it will be compiled.")
final class PlanShowCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "ID", description = "The plan's id or an unambiguous beginning of it, from 'plan list'.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String id;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    record Shown(PlanListCommand.Shown plan, String text) {}

    @Override
    protected void run() {
        try (var database = at.database()) {
            var plan = new PlanRegistry(database, clock()).resolve(id);
            if (json) {
                printJson(
                        new Shown(PlanListCommand.Shown.of(plan), plan.source().text()));
            } else {
                print(plan);
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
        var text = PlanText.of(plan.source().text());
        text.lines().forEach(out::println);
        if (text.hasHidden()) {
            out.println();
            out.println(text.warning());
        }
    }
}
