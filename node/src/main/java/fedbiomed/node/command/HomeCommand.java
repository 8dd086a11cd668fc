package fedbiomed.node.command;

import fedbiomed.node.NodeSetup;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What the node's commands share: the home, where they print, and errors as one line without a stack trace. */
abstract class HomeCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // picocli's
    HomeOption home;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    CommandSpec spec;

    /** @throws FedbiomedException whose text is shown; the exit code is 1 then */
    abstract void run() throws Exception;

    @Override
    public final Integer call() throws Exception {
        try {
            run();
            out().flush();
            return 0;
        } catch (FedbiomedException | IllegalArgumentException | IllegalStateException e) {
            var err = spec.commandLine().getErr();
            err.println("error: " + e.getMessage());
            err.flush();
            return 1;
        }
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final void printJson(Object value) {
        out().println(Json.text(value));
    }

    final Path home() {
        return home.path();
    }

    /** Opens the state of an existing node's home. */
    final NodeDatabase database() {
        return NodeDatabase.open(NodeSetup.requireHome(home()));
    }

    static Clock clock() {
        return Clock.systemUTC();
    }
}
