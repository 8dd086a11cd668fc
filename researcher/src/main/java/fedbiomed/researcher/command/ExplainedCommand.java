package fedbiomed.researcher.command;

import fedbiomed.researcher.experiment.RoundFailed;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command that ends with 0; with 1 and a text that says what, which value and what to do; or with 3 where a strategy
 * gave up a round. picocli ends wrong usage with 2.
 */
abstract class ExplainedCommand implements Callable<Integer> {
    static final int ROUND_FAILED = 3;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli, before call()
    CommandSpec spec;

    abstract void run() throws Exception;

    @Override
    public final Integer call() throws Exception {
        try {
            run();
            return CommandLine.ExitCode.OK;
        } catch (RoundFailed e) {
            error(e.text());
            return ROUND_FAILED;
        } catch (FedbiomedException e) {
            error(e.text());
            return CommandLine.ExitCode.SOFTWARE;
        } catch (IllegalArgumentException e) {
            error(String.valueOf(e.getMessage()));
            return CommandLine.ExitCode.USAGE;
        } finally {
            spec.commandLine().getErr().flush();
            out().flush();
        }
    }

    private void error(String text) {
        spec.commandLine().getErr().println("Error: " + text);
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
