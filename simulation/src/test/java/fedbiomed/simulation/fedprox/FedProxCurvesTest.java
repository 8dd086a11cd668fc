package fedbiomed.simulation.fedprox;

import static fedbiomed.simulation.fedprox.FedProxPaperTest.FEDAVG;
import static fedbiomed.simulation.fedprox.FedProxPaperTest.FEDPROX_0;
import static fedbiomed.simulation.fedprox.FedProxPaperTest.FEDPROX_1;
import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.researcher.report.Curves;
import fedbiomed.simulation.fedprox.Devices.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The paper's experiment, 100 rounds: four kinds of data, three shares of stragglers, three methods; {@code docs/fedprox.md}
 * tells of it. Draws the curves into {@code docs/images}.
 */
@Tag("campaign")
class FedProxCurvesTest {
    private static final int ROUNDS = 100;

    /** The first three for which no device has more rows than the largest of the authors' own data, 61 %. */
    private static final List<Long> SEEDS = List.of(2L, 4L, 5L);

    private static final List<Double> STRAGGLERS = List.of(0.0, 0.5, 0.9);
    private static final List<Method> METHODS = List.of(FEDAVG, FEDPROX_0, FEDPROX_1);
    private static final Path IMAGE = Path.of("..", "docs", "images", "fedprox.svg");

    @TempDir
    Path folder;

    /** A curve for each seed. */
    private record Runs(List<List<Double>> losses) {
        double last(int seed) {
            return losses.get(seed).getLast();
        }

        double last() {
            return losses.stream().mapToDouble(List::getLast).average().orElseThrow();
        }

        List<Double> mean() {
            var mean = new ArrayList<Double>();
            for (int round = 0; round <= ROUNDS; round++) {
                int at = round;
                mean.add(losses.stream()
                        .mapToDouble(curve -> curve.get(at))
                        .average()
                        .orElseThrow());
            }
            return mean;
        }
    }

    private record Setting(Synthetic data, double stragglers, Method method) {}

    private final Map<Setting, Runs> runs = new LinkedHashMap<>();

    @Test
    void fedProxIsBelowFedAvgWhereThePaperSaysSo() throws IOException {
        for (var data : Synthetic.ALL) {
            for (double stragglers : STRAGGLERS) {
                METHODS.forEach(method -> runs.put(new Setting(data, stragglers, method), new Runs(new ArrayList<>())));
            }
            for (long seed : SEEDS) {
                run(data, seed);
            }
            STRAGGLERS.forEach(stragglers -> print(data, stragglers));
        }
        draw();
    }

    private void run(Synthetic data, long seed) throws IOException {
        var devices = new Devices(Files.createTempDirectory(folder, "devices"), data.devices(seed), seed);
        for (double stragglers : STRAGGLERS) {
            for (var method : METHODS) {
                // without stragglers they are the same (FedProxPaperTest)
                var like = stragglers == 0 && method == FEDPROX_0 ? FEDAVG : method;
                var known = runs.get(new Setting(data, stragglers, like)).losses();
                var losses =
                        like == method ? devices.run(method, new Schedule(seed, stragglers), ROUNDS) : known.getLast();
                runs.get(new Setting(data, stragglers, method)).losses().add(losses);
            }
        }
    }

    private Runs runs(Synthetic data, double stragglers, Method method) {
        return runs.get(new Setting(data, stragglers, method));
    }

    private void print(Synthetic data, double stragglers) {
        var line = new StringBuilder(String.format(Locale.ROOT, "%-10s %2.0f %%", data.name(), 100 * stragglers));
        for (var method : METHODS) {
            var of = runs(data, stragglers, method);
            line.append(String.format(Locale.ROOT, " | %s %.3f (", method.name(), of.last()));
            for (int seed = 0; seed < SEEDS.size(); seed++) {
                line.append(String.format(Locale.ROOT, seed == 0 ? "%.3f" : ", %.3f", of.last(seed)));
            }
            line.append(')');
        }
        System.out.println(line);
    }

    private void draw() throws IOException {
        var curves = new Curves("training loss", Synthetic.ALL.size());
        for (double stragglers : STRAGGLERS) {
            for (var data : Synthetic.ALL) {
                var lines = new LinkedHashMap<String, List<Double>>();
                METHODS.forEach(method ->
                        lines.put(method.name(), runs(data, stragglers, method).mean()));
                curves.panel("%s, %.0f %% stragglers".formatted(data.name(), 100 * stragglers), lines, 2.4);
            }
        }
        Files.createDirectories(IMAGE.getParent());
        Files.writeString(IMAGE, curves.svg());
        assertThat(IMAGE).isNotEmptyFile();
    }
}
