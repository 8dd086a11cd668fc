package fedbiomed.network.command;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which home a command works on. */
final class HomeOption {
    @Option(
            names = "--home",
            paramLabel = "FOLDER",
            description = "The Network's home folder (default: $FEDBIOMED_NETWORK_HOME, else ./network).",
            defaultValue = "${env:FEDBIOMED_NETWORK_HOME:-network}")
    Path home = Path.of("network");
}
