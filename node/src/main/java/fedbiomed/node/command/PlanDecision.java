package fedbiomed.node.command;

import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.PlanStatus;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What approving and rejecting share. */
abstract class PlanDecision extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "ID", description = "The plan's id or an unambiguous beginning of it, from 'plan list'.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String id;

    @Option(names = "--note", paramLabel = "TEXT", defaultValue = "", description = "What to tell the researcher.")
    String note = "";

    abstract PlanStatus decision();

    @Override
    protected final void run() {
        if (note.length() > MAX_NOTE_CHARS) {
            throw new IllegalArgumentException(
                    "--note has " + note.length() + " characters; at most " + MAX_NOTE_CHARS + " are allowed");
        }
        try (var database = at.database()) {
            var plans = at.plans(database, clock());
            var plan = plans.decide(plans.resolve(id).id(), decision(), note);
            out().println("Plan " + plan.className() + " (" + plan.id().abbreviated() + ") is "
                    + plan.status().word() + " at this node.");
        }
    }

    private static final int MAX_NOTE_CHARS = 2000;
}
