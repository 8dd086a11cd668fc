package fedbiomed.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/simulation.md, as they stand there, and what {@code fedbiomed simulate} says of wrong arguments. */
class SimulationGuideTest {
    private static final Path GUIDE =
            Path.of("..", "docs", "simulation.md").toAbsolutePath().normalize();
    private static final Path BREAST_CANCER =
            Path.of("..", "examples", "breast-cancer").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private static String block(String language) throws IOException {
        var block =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    @Test
    void theCommandOfTheGuideRunsAndIsResumed() throws IOException {
        var words = new ArrayList<Object>();
        for (var word : block("").strip().split(" ")) {
            words.add(
                    word.startsWith("examples/")
                            ? BREAST_CANCER.resolve("../..").resolve(word).normalize()
                            : word);
        }
        assertThat(words.removeFirst()).isEqualTo("fedbiomed");
        words.addAll(List.of("--folder", folder.resolve("simulation"), "--rounds", "2", "--json"));
        var ran = Typed.of(words.toArray());
        assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
        assertThat(ran.out())
                .contains("20 nodes, split dirichlet:0.3", "Round 2 of 2: 20 of 20 answered", "all together");
        var result = Json.MAPPER.readTree(ran.out().strip().lines().toList().getLast());
        assertThat(result.path("participants").asInt()).isEqualTo(20);
        assertThat(result.path("test_on_global_updates").path("accuracy").asDouble())
                .isGreaterThan(0.8);
        assertThat(Path.of(result.path("report").asText())).exists();

        var again = Typed.of("simulate", "--resume", folder.resolve("simulation"), "--rounds", 3, "--json");
        assertThat(again.exit()).as(again.out() + again.err()).isZero();
        assertThat(again.out()).contains("20 nodes, 2 rounds done", "Round 3 of 3: 20 of 20 answered");
    }

    @Test
    void theProgramOfTheGuideRuns() throws Exception {
        var source = Files.writeString(folder.resolve("Guide.java"), """
                import fedbiomed.researcher.experiment.*;
                import fedbiomed.researcher.strategy.*;
                import fedbiomed.simulation.*;
                import fedbiomed.simulation.split.*;
                import java.nio.file.Path;
                import java.util.Map;

                public class Guide {
                    public static void run(Path folder, Path table, Path plan) throws Exception {
                %s
                    }
                }
                """.formatted(block("java")));
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var said = new StringWriter();
            var options = List.of("-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
            var compiled = compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
        try (var loader = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            loader.loadClass("Guide")
                    .getMethod("run", Path.class, Path.class, Path.class)
                    .invoke(
                            null,
                            folder,
                            BREAST_CANCER.resolve("breast-cancer.csv"),
                            BREAST_CANCER.resolve("BreastCancerPlan.java"));
        }
        assertThat(folder.resolve("experiment/rounds/0005/global.safetensors")).exists();
    }

    @Test
    void wrongArgumentsAreSaidAndNothingIsMade() throws IOException {
        var experiment = BREAST_CANCER.resolve("experiment.yaml");
        var table = BREAST_CANCER.resolve("breast-cancer.csv");
        refused(2, "give a CSV file with --data FILE", experiment, "--nodes", 5);
        refused(2, "over how many nodes", experiment, "--data", table);
        refused(2, "there is no split 'random'", experiment, "--data", table, "--nodes", 5, "--split", "random");
        refused(1, "has 569 rows", experiment, "--data", table, "--nodes", 100);
        refused(1, "colour", experiment, "--data", table, "--split", "by:colour");
        refused(2, "--rounds must be at least 1", experiment, "--data", table, "--nodes", 5, "--rounds", 0);
        var named = Files.writeString(
                folder.resolve("named.yaml"),
                Files.readString(experiment).replace("plan: ", "nodes: [hospital-a]\nplan: " + BREAST_CANCER + "/"));
        refused(1, "names nodes or datasets of a real federation", named, "--data", table, "--nodes", 5);
        var nothing = Typed.of("simulate", "--resume", folder);
        assertThat(nothing.exit()).isOne();
        assertThat(nothing.err()).contains("is no experiment's folder");
        assertThat(folder.resolve("simulation/experiment")).doesNotExist();
    }

    private void refused(int exit, String why, Object... arguments) {
        var words = new ArrayList<Object>(List.of("simulate"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("--folder", folder.resolve("simulation")));
        var typed = Typed.of(words.toArray());
        assertThat(typed.err()).contains(why);
        assertThat(typed.exit()).isEqualTo(exit);
    }
}
