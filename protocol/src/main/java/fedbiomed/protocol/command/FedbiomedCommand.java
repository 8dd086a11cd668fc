package fedbiomed.protocol.command;

import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command of any party: results go to standard output, an error is a line on standard error and an exit code. */
public abstract class FedbiomedCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli, before call()
    private CommandSpec spec;

    /**
     * @throws FedbiomedException whose text is shown, with the exit code {@link ExitCodes#FAILED}
     * @throws IllegalArgumentException for a value of the command line that cannot be, with {@link ExitCodes#USAGE}
     * @throws CommandFailed for another exit code
     */
    protected abstract void run() throws Exception;

    @Override
    public final Integer call() {
        try {
            run();
            return ExitCodes.DONE;
        } catch (ParameterException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ErrorVoice.explain(new CommandFailed(ExitCodes.FAILED, "interrupted", e), err());
        } catch (Exception e) {
            return ErrorVoice.explain(e, err());
        } finally {
            out().flush();
        }
    }

    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** For a person beside the result: on standard error, so that a pipe gets the result alone. */
    protected final void note(String text) {
        out().flush();
        err().println(text);
        err().flush();
    }

    /** Says what went wrong where the command does not end by throwing. */
    protected final void error(String text) {
        ErrorVoice.say(text, err());
    }

    protected final void printJson(Object value) {
        out().println(Json.text(value));
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    protected static Clock clock() {
        return Clock.systemUTC();
    }
}
