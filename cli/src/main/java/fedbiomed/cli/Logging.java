package fedbiomed.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.LogManager;

/** Where log lines go: to standard error, libraries from WARNING on; ours from INFO on where something is started. */
final class Logging {
    private Logging() {}

    static void configure(List<String> args) {
        var level = System.getenv().getOrDefault("FEDBIOMED_LOG", args.contains("start") ? "INFO" : "WARNING");
        var settings = """
                handlers=java.util.logging.ConsoleHandler
                java.util.logging.ConsoleHandler.level=ALL
                java.util.logging.ConsoleHandler.formatter=java.util.logging.SimpleFormatter
                java.util.logging.SimpleFormatter.format=%%1$tF %%1$tT %%4$s %%3$s: %%5$s%%6$s%%n
                .level=WARNING
                fedbiomed.level=%s
                """.formatted(level);
        try {
            LogManager.getLogManager()
                    .readConfiguration(new ByteArrayInputStream(settings.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            throw new UncheckedIOException("the logging settings are in memory", e);
        }
    }
}
