package fedbiomed.node.command;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import fedbiomed.node.registry.AttachmentStore;
import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.node.registry.ReviewedPlan;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.Attachment;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.SortedMap;
import java.util.TreeMap;
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
            var plans = at.plans(database, clock());
            var plan = plans.resolve(id);
            var before = against == null ? lastApproved(plans, plan) : plans.resolve(against);
            print(before, plan);
            printAttachments(before, plan, plans.files());
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
        print(
                name(before),
                PlanText.of(before.source().text()),
                name(after),
                PlanText.of(after.source().text()),
                "The two texts show no difference.");
    }

    private void print(String oldName, PlanText old, String newName, PlanText now, String same) {
        var patch = DiffUtils.diff(old.lines(), now.lines());
        if (patch.getDeltas().isEmpty()) {
            out().println(same);
        } else {
            UnifiedDiffUtils.generateUnifiedDiff(oldName, newName, old.lines(), patch, CONTEXT_LINES)
                    .forEach(out()::println);
        }
        if (now.hasHidden()) {
            out().println(now.warning());
        }
    }

    private void printAttachments(ReviewedPlan before, ReviewedPlan after, AttachmentStore files) {
        var old = byName(before);
        var now = byName(after);
        old.forEach((name, attachment) -> {
            if (!now.containsKey(name)) {
                out().println("No longer attached: "
                        + AttachmentText.of(attachment, files).named());
            }
        });
        now.forEach((name, attachment) -> {
            var shown = AttachmentText.of(attachment, files);
            var earlier = old.get(name);
            if (earlier == null) {
                out().println("Newly attached: " + shown.named());
                shown.content().lines().forEach(line -> out().println("+" + line));
            } else if (!earlier.equals(attachment)) {
                out().println("Another content of the attachment " + shown.named());
                var was = AttachmentText.of(earlier, files);
                if (was.isCode() && shown.isCode()) {
                    print(
                            name(name, before),
                            was.content(),
                            name(name, after),
                            shown.content(),
                            "The code is the same; weights or constants differ.");
                } else {
                    out().println("The two cannot be compared. Before: "
                            + (was.isCode()
                                    ? "(code)"
                                    : String.join(" ", was.content().lines())));
                    out().println("Now:");
                    shown.content().lines().forEach(line -> out().println("+" + line));
                }
            }
        });
    }

    private static SortedMap<String, Attachment> byName(ReviewedPlan plan) {
        var all = new TreeMap<String, Attachment>();
        plan.source().attachments().forEach(attachment -> all.put(attachment.name(), attachment));
        return all;
    }

    private static String name(ReviewedPlan plan) {
        return name(plan.className() + ".java", plan);
    }

    private static String name(String file, ReviewedPlan plan) {
        return file + " (" + plan.id().abbreviated() + ", " + plan.status().word() + ")";
    }
}
