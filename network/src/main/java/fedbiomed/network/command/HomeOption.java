package fedbiomed.network.command;

import fedbiomed.network.NetworkHome;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.command.RepeatedHome;
import java.nio.file.Path;
import java.time.Clock;
import picocli.CommandLine.Option;

/** Which Network's home a command works on. */
final class HomeOption {
    private static final String VARIABLE = "FEDBIOMED_NETWORK_HOME";
    private static final String USUAL = "network";

    @Option(
            names = "--home",
            paramLabel = "FOLDER",
            description =
                    "The Network's home folder (default: $" + VARIABLE + ", else the folder '" + USUAL + "' here).",
            defaultValue = "${env:" + VARIABLE + ":-" + USUAL + "}")
    private Path home = Path.of(USUAL);

    Path path() {
        return home;
    }

    /** What a command that is suggested needs to find this home. */
    String repeated() {
        return RepeatedHome.of(home, VARIABLE, USUAL);
    }

    /** The audit log of a home that {@code init} made. */
    AuditLog audit(Clock clock) {
        return NetworkHome.audit(home, System.getenv(), clock);
    }

    /** Opens a home that {@code init} made. */
    NetworkHome open() {
        return NetworkHome.open(
                home, System.getenv(), Clock.systemUTC(), passphrase -> passphrase.asking(AskedPassphrase::known));
    }
}
