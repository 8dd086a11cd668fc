package fedbiomed.researcher.command;

import fedbiomed.protocol.party.PartyHome;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which researcher's home a command works on. */
final class HomeOption {
    @Option(
            names = "--home",
            paramLabel = "FOLDER",
            description = "The researcher's home folder (default: $FEDBIOMED_RESEARCHER_HOME, else ./researcher).",
            defaultValue = "${env:FEDBIOMED_RESEARCHER_HOME:-researcher}")
    private Path home = Path.of("researcher");

    Path path() {
        return home;
    }

    /** The path of a home that {@code init} made. */
    Path existing() {
        return PartyHome.ofResearcher(home).require();
    }
}
