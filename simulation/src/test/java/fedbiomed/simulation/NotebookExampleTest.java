package fedbiomed.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import fedbiomed.vocabulary.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/notebook}: by the JDK's jshell, and by Jupyter where that is there. */
class NotebookExampleTest {
    private static final Path EXAMPLES =
            Path.of("..", "examples").toAbsolutePath().normalize();
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");
    private static final List<String> OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Dfedbiomed.examples=" + EXAMPLES);

    @TempDir
    Path folder;

    /** @return what it printed */
    private String run(List<String> command) throws IOException, InterruptedException {
        var log = Files.createTempFile(folder, "log", ".txt");
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(
                        Files.createTempFile(folder, "empty", ".txt").toFile()))
                .redirectOutput(log.toFile());
        var environment = builder.environment();
        environment.put("JJAVA_CLASSPATH", System.getProperty("java.class.path"));
        environment.put("JJAVA_JVM_OPTS", String.join(" ", OPTIONS));
        environment.merge("PATH", JAVA.toString(), (path, ours) -> ours + File.pathSeparator + path);
        // nothing of Jupyter's or jshell's is left behind in the home of who runs the tests
        environment.put("IPYTHONDIR", folder.toString());
        environment.put("JUPYTER_RUNTIME_DIR", folder.toString());
        var process = builder.start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroy();
        }
        var printed = Files.readString(log);
        assertThat(process.exitValue()).as(printed).isZero();
        return printed;
    }

    @Test
    void theScriptRunsLineByLine() throws IOException, InterruptedException {
        var command = new ArrayList<>(
                List.of(JAVA.resolve("jshell").toString(), "--class-path", System.getProperty("java.class.path")));
        command.addAll(
                List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-J-Djava.util.prefs.userRoot=" + folder));
        OPTIONS.forEach(option -> command.add("-R" + option));
        command.add(EXAMPLES.resolve("notebook/breast-cancer.jsh").toString());
        assertThat(run(command)).contains("node-4", "log_loss", "report.html").doesNotContain("Exception", "rror:");
    }

    @Test
    void theNotebookShowsTablesAndCurves() throws IOException, InterruptedException {
        var python = Objects.requireNonNullElse(System.getenv("FEDBIOMED_TEST_PYTHON"), "python3");
        var missing = missing(python);
        assumeTrue(missing.isEmpty(), missing);
        var executed = folder.resolve("executed.ipynb");
        run(List.of(
                python,
                "-c",
                """
                import sys, nbclient, nbformat
                notebook = nbformat.read(sys.argv[1], 4)
                nbclient.NotebookClient(notebook, timeout=240, kernel_name="java").execute()
                nbformat.write(notebook, sys.argv[2])
                """,
                EXAMPLES.resolve("notebook/BreastCancer.ipynb").toString(),
                executed.toString()));
        var notebook = Json.MAPPER.readTree(executed.toFile());
        var tables = outputs(notebook, "text/html");
        assertThat(tables).hasSize(4);
        assertThat(tables.get(0)).contains("<table>", "node-4", "breast-cancer");
        assertThat(tables.get(1)).contains("<th>answers</th>", "4 of 4 answered", "log loss");
        assertThat(tables.get(2)).contains("Round 5", "accepted");
        assertThat(tables.get(3)).contains("all together", "accuracy");
        var drawings = outputs(notebook, "image/svg+xml");
        assertThat(drawings).hasSize(1);
        assertThat(drawings.getFirst()).contains("<svg", "FedAvg", "FedYogi", "log loss");
    }

    /** The empty string, or what the notebook's test would need. */
    private String missing(String python) throws InterruptedException {
        try {
            var probe = new ProcessBuilder(python, "-c", """
                            import nbclient, nbformat
                            from jupyter_client.kernelspec import KernelSpecManager
                            KernelSpecManager().get_kernel_spec("java")
                            """)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("probe").toFile())
                    .start();
            return probe.waitFor() == 0
                    ? ""
                    : python + " has no Jupyter with a Java kernel (pip install nbclient nbformat jjava)";
        } catch (IOException e) {
            return "there is no " + python + ": " + e.getMessage();
        }
    }

    /** Of that type, in their order; a string, or its lines. */
    private static List<String> outputs(JsonNode notebook, String type) {
        var outputs = new ArrayList<String>();
        for (var cell : notebook.path("cells")) {
            for (var output : cell.path("outputs")) {
                var content = output.path("data").path(type);
                if (content.isArray()) {
                    var lines = new StringBuilder();
                    content.forEach(line -> lines.append(line.textValue()));
                    outputs.add(lines.toString());
                } else if (content.isTextual()) {
                    outputs.add(content.textValue());
                }
            }
        }
        return outputs;
    }
}
