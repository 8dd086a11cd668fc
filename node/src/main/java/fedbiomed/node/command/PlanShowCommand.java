package fedbiomed.node.command;

import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.node.registry.ReviewedPlan;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.ShownTime;
import fedbiomed.vocabulary.Text;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Show a training plan's whole text, as it will be compiled.")
final class PlanShowCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    private static final String TAB = "    ";

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
        out.println("Plan " + plan.className() + ", " + plan.status().name().toLowerCase(Locale.ROOT) + ", from "
                + plan.researcher() + " at " + ShownTime.of(plan.requested()) + ".");
        out.println("Its id: " + plan.id());
        if (!plan.requestNote().isEmpty()) {
            out.println("The researcher's note: "
                    + Text.shown(plan.requestNote(), plan.requestNote().length()));
        }
        if (!plan.decisionNote().isEmpty()) {
            out.println("Your note: "
                    + Text.shown(plan.decisionNote(), plan.decisionNote().length()));
        }
        out.println();
        var text = plan.source().text();
        // a control or formatting character could make the text look like another; it shows as '?'
        var shown = text.lines()
                .map(line -> line.replace("\t", TAB))
                .map(line -> Text.shown(line, line.length()))
                .toList();
        shown.forEach(out::println);
        if (!String.join("\n", shown)
                .equals(String.join(
                        "\n", text.lines().map(line -> line.replace("\t", TAB)).toList()))) {
            out.println();
            out.println("WARNING: the text has control or formatting characters, shown as '?'. Such characters can make"
                    + " code look like other code.");
        }
    }
}
