package fedbiomed.network.command;

import fedbiomed.network.NetworkHome;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine.Option;

/** Which Network's home a command works on. */
final class HomeOption {
    @Option(
            names = "--home",
            paramLabel = "FOLDER",
            description = "The Network's home folder (default: $FEDBIOMED_NETWORK_HOME, else ./network).",
            defaultValue = "${env:FEDBIOMED_NETWORK_HOME:-network}")
    private Path home = Path.of("network");

    Path path() {
        return home;
    }

    /** Opens a home that {@code init} made. */
    NetworkHome open() {
        return NetworkHome.open(home, System.getenv(), Clock.systemUTC());
    }
}
