package fedbiomed.network.command;

import fedbiomed.vocabulary.FedbiomedException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that ends with 0, or with 1 and one line that says what to do; picocli ends wrong usage with 2. */
abstract class FailingCommand implements Callable<Integer> {
    @Mixin
    HomeOption at = new HomeOption();

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli, before call()
    CommandSpec spec;

    abstract void run() throws Exception;

    @Override
    public final Integer call() throws Exception {
        try {
            run();
            return CommandLine.ExitCode.OK;
        } catch (FedbiomedException e) {
            spec.commandLine().getErr().println("network: " + e.text());
            return CommandLine.ExitCode.SOFTWARE;
        } catch (IllegalArgumentException e) {
            // what a record says of a value that was given
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        } finally {
            spec.commandLine().getErr().flush();
            out().flush();
        }
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
