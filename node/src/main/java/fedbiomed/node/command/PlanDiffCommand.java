package fedbiomed.node.command;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.node.registry.ReviewedPlan;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "diff",
        description =
                "Shows what a training plan changes against the last approved plan of its name, as a unified diff.")
final class PlanDiffCommand extends FedbiomedCommand {
    private static final int CONTEXT_LINES = 3;

    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "ID", description = "The plan's id or an unambiguous beginning of it, from 'plan list'.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String id;

    @Option(
            names = "--against",
            paramLabel = "ID",
            description = "Another plan than the last approved one of its name.")
    @Nullable
    String against;

    @Override
    protected void run() {
        try (var database = at.database()) {
            var plans = new PlanRegistry(database, clock());
            var plan = plans.resolve(id);
            print(against == null ? lastApproved(plans, plan) : plans.resolve(against), plan);
        }
    }

    private static ReviewedPlan lastApproved(PlanRegistry plans, ReviewedPlan plan) {
        return plans.lastApproved(plan.className(), plan.id())
                .orElseThrow(() -> new FedbiomedException(
                        ErrorCode.PLAN_UNKNOWN,
                        "no other plan named " + plan.className() + " is approved here, so there is nothing to compare "
                                + plan.id().abbreviated() + " with; read it whole with 'fedbiomed node plan show "
                                + plan.id().abbreviated() + "', or name another plan with --against"));
    }

    private void print(ReviewedPlan before, ReviewedPlan after) {
        var old = PlanText.of(before.source().text());
        var now = PlanText.of(after.source().text());
        var patch = DiffUtils.diff(old.lines(), now.lines());
        if (patch.getDeltas().isEmpty()) {
            out().println("The two texts show no difference.");
        } else {
            UnifiedDiffUtils.generateUnifiedDiff(name(before), name(after), old.lines(), patch, CONTEXT_LINES)
                    .forEach(out()::println);
        }
        if (now.hasHidden()) {
            out().println(now.warning());
        }
    }

    private static String name(ReviewedPlan plan) {
        return plan.className() + ".java (" + plan.id().abbreviated() + ", "
                + plan.status().word() + ")";
    }
}
