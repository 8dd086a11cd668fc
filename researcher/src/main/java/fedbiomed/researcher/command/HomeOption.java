package fedbiomed.researcher.command;

import fedbiomed.researcher.Researcher;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which researcher's home a command works on. */
final class HomeOption {
    @Option(
            names = "--home",
            paramLabel = "FOLDER",
            description = "The researcher's home. By default $FEDBIOMED_RESEARCHER_HOME, or ./researcher.")
    @Nullable
    Path home;

    Path path() {
        return home == null ? Researcher.defaultHome() : home;
    }
}
