package fedbiomed.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of this module in a JVM of its own, which is told what to do, and says what it has done, a line each. */
final class Child implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private static final int SHOWN_LINES = 20;

    private final Class<?> main;
    private final Path log;
    private final Process process;
    private final BufferedReader said;
    private final Writer told;

    /** @param log of its errors */
    Child(Class<?> main, String heap, Path log, List<String> arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx" + heap,
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(arguments);
        this.main = main;
        this.log = log;
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        said = process.inputReader(StandardCharsets.UTF_8);
        told = process.outputWriter(StandardCharsets.UTF_8);
    }

    Process process() {
        return process;
    }

    /** Tells it a line, and waits until it has said the same. */
    void does(String line) throws IOException {
        told.write(line + "\n");
        told.flush();
        says(line);
    }

    /** Waits for its next line. @return what follows {@code start} in it */
    String says(String start) throws IOException {
        var line = said.readLine();
        if (line == null || !line.startsWith(start)) {
            throw new IllegalStateException(
                    main.getSimpleName() + " said '" + line + "', not '" + start + "'; its errors are in its log");
        }
        return line.substring(start.length());
    }

    /** Ends its input, and it. */
    @Override
    public void close() throws IOException, InterruptedException {
        try {
            told.close();
        } catch (IOException _) {
            // it has ended already
        }
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
