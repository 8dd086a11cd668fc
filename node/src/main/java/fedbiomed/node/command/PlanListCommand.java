package fedbiomed.node.command;

import fedbiomed.node.registry.ReviewedPlan;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.Attachment;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.ShownTime;
import fedbiomed.vocabulary.TextTable;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = "List the training plans that researchers have sent, those that wait for you first.")
final class PlanListCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    /** Instants in ISO 8601. */
    record Shown(
            String id,
            String name,
            PlanStatus status,
            String researcher,
            List<Attachment> attachments,
            String requestNote,
            String requested,
            @Nullable String decided,
            String decidedBy,
            String decisionNote) {
        static Shown of(ReviewedPlan plan) {
            var decided = plan.decided();
            return new Shown(
                    plan.id().value(),
                    plan.className(),
                    plan.status(),
                    plan.researcher().value(),
                    plan.source().attachments(),
                    plan.requestNote(),
                    plan.requested().toString(),
                    decided == null ? null : decided.toString(),
                    plan.decidedBy(),
                    plan.decisionNote());
        }
    }

    @Override
    protected void run() {
        try (var database = at.database()) {
            var plans = at.plans(database, clock()).list();
            if (json) {
                printJson(plans.stream().map(Shown::of).toList());
            } else if (plans.isEmpty()) {
                out().println("No researcher has sent a training plan yet.");
            } else {
                var table = new TextTable("ID", "NAME", "STATUS", "FROM", "REQUESTED", "ATTACHMENTS", "NOTE");
                plans.forEach(plan -> table.row(
                        plan.id().abbreviated(),
                        plan.className(),
                        plan.status().word(),
                        plan.researcher(),
                        ShownTime.of(plan.requested()),
                        names(plan),
                        plan.requestNote()));
                table.print(out());
            }
        }
    }

    private static String names(ReviewedPlan plan) {
        return plan.source().attachments().stream().map(Attachment::name).collect(Collectors.joining(", "));
    }
}
