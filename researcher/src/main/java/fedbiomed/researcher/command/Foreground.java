package fedbiomed.researcher.command;

import fedbiomed.protocol.command.CommandFailed;
import fedbiomed.protocol.command.ExitCodes;
import fedbiomed.researcher.experiment.RoundFailed;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.function.Consumer;

/** Rounds that run in a command's own thread, until they are done, fail, or somebody presses Ctrl-C. */
public final class Foreground {
    private final RunProgress progress;
    private final Consumer<String> error;
    private final String stopped;

    /**
     * @param error tells a person
     * @param goOn how to go on after it was stopped: a command
     */
    public Foreground(RunProgress progress, Consumer<String> error, String goOn) {
        this.progress = progress;
        this.error = error;
        this.stopped = "stopped. Go on with '" + goOn + "'";
    }

    /** @return false after Ctrl-C: the JVM is ending, with an exit code of its own */
    public boolean run(Runnable rounds, Interruption ofThisThread) {
        try (var interruption = ofThisThread) {
            try {
                rounds.run();
                progress.close();
                return true;
            } catch (RuntimeException e) {
                progress.close();
                // whatever the interruption broke; said here, since the JVM ends as soon as it is closed
                if (interruption.fired()) {
                    error.accept(stopped);
                    return false;
                }
                throw switch (e) {
                    case RoundFailed failed -> new CommandFailed(ExitCodes.ROUND_FAILED, failed.text(), failed);
                    case FedbiomedException known
                    when known.code() == ErrorCode.CANCELLED ->
                        new FedbiomedException(ErrorCode.CANCELLED, stopped, known);
                    default -> e;
                };
            }
        }
    }
}
