package fedbiomed.node.command;

import fedbiomed.node.NodeSetup;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --home}, which every command of the node has. */
final class HomeOption {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "The node's home folder (default: " + NodeSetup.HOME_VARIABLE + ", else ./node).")
    private @Nullable Path home;

    Path path() {
        var given = home;
        return given == null ? NodeSetup.defaultHome(System.getenv()) : given;
    }
}
