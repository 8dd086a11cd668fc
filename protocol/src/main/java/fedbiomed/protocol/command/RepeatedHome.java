package fedbiomed.protocol.command;

import java.nio.file.Path;

/** How a command that is suggested finds the home of the command that suggests it. */
public final class RepeatedHome {
    private RepeatedHome() {}

    /** {@code " --home HOME"}, or nothing where that home is found without. */
    public static String of(Path home, String variable, String usual) {
        return home.equals(Path.of(System.getenv().getOrDefault(variable, usual))) ? "" : " --home " + home;
    }
}
