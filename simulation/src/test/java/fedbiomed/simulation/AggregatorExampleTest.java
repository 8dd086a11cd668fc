package fedbiomed.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/aggregators}, as its README says but for the number of rounds: with a user's own aggregator. */
class AggregatorExampleTest {
    private static final Path EXAMPLES =
            Path.of("..", "examples").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @Test
    void fiveAggregatorsAreComparedAndDrawn() throws IOException, InterruptedException {
        var log = folder.resolve("log").toFile();
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dfedbiomed.examples=" + EXAMPLES,
                        "-cp",
                        System.getProperty("java.class.path"),
                        EXAMPLES.resolve("aggregators/Compare.java").toString(),
                        "3",
                        folder.resolve("compared").toString())
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        assertThat(process.waitFor()).as(Files.readString(log.toPath())).isZero();
        var losses = Files.readAllLines(folder.resolve("compared/losses.csv"));
        assertThat(losses.getFirst()).isEqualTo("round,fedavg,fedprox,scaffold,fedyogi,half_way");
        var first = losses.get(1).split(",", -1);
        var last = losses.getLast().split(",", -1);
        assertThat(last[0]).isEqualTo("3");
        for (int column = 1; column < last.length; column++) {
            assertThat(Double.parseDouble(last[column])).isLessThan(Double.parseDouble(first[column]));
        }
        assertThat(folder.resolve("compared/losses.svg")).content().contains("half_way", "<polyline");
    }
}
