package fedbiomed.cli;

import fedbiomed.protocol.command.Terminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.LogManager;

/**
 * Where log lines go: to standard error, libraries from WARNING on; ours from INFO on where something is started, with time
 * and origin. Elsewhere what is logged is said in the voice of the commands.
 */
final class Logging {
    private static final String LEVEL_VARIABLE = "FEDBIOMED_LOG";
    // in java.util.logging's form: 1 time, 3 logger, 4 level, 5 text, 6 stack trace
    private static final String LOG_LINE = "%1$tF %1$tT %4$s %3$s: %5$s%6$s%n";
    private static final String SAID = "fedbiomed: %5$s%6$s%n";
    /** So that a line does not begin in the middle of a bar; escaped for a properties file. */
    private static final String BACK_AND_CLEAR = "\\r\\u001b[K";

    private Logging() {}

    static void configure(List<String> args) {
        boolean started = args.contains("start");
        var chosen = System.getenv(LEVEL_VARIABLE);
        var format = started || chosen != null ? LOG_LINE : SAID;
        var settings = """
                handlers=java.util.logging.ConsoleHandler
                java.util.logging.ConsoleHandler.level=ALL
                java.util.logging.ConsoleHandler.formatter=java.util.logging.SimpleFormatter
                java.util.logging.SimpleFormatter.format=%s
                .level=WARNING
                fedbiomed.level=%s
                """.formatted(
                        (!started && Terminal.showsErrors() ? BACK_AND_CLEAR : "") + format,
                        chosen != null ? chosen : started ? "INFO" : "WARNING");
        try {
            LogManager.getLogManager()
                    .readConfiguration(new ByteArrayInputStream(settings.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            throw new UncheckedIOException("the logging settings are in memory", e);
        }
    }
}
