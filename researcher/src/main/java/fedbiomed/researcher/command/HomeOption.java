package fedbiomed.researcher.command;

import fedbiomed.protocol.command.RepeatedHome;
import fedbiomed.protocol.party.PartyHome;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which researcher's home a command works on. */
final class HomeOption {
    private static final String VARIABLE = "FEDBIOMED_RESEARCHER_HOME";
    private static final String USUAL = "researcher";

    @Option(
            names = "--home",
            paramLabel = "FOLDER",
            description =
                    "The researcher's home folder (default: $" + VARIABLE + ", else the folder '" + USUAL + "' here).",
            defaultValue = "${env:" + VARIABLE + ":-" + USUAL + "}")
    private Path home = Path.of(USUAL);

    Path path() {
        return home;
    }

    /** What a command that is suggested needs to find this home. */
    String repeated() {
        return RepeatedHome.of(home, VARIABLE, USUAL);
    }

    /** The path of a home that {@code init} made. */
    Path existing() {
        return PartyHome.ofResearcher(home).require();
    }
}
