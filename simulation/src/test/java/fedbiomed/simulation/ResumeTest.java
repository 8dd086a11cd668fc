package fedbiomed.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.aggregator.Aggregators;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.OptimizerModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From every breakpoint, with answers in another order, to the bytes of the uninterrupted run: also what is remembered. */
class ResumeTest {
    private static final int ROUNDS = 4;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fedavg",
                "scaffold",
                "feddyn",
                "fedavgm",
                "fedadagrad",
                "fedadam",
                "fedyogi",
                "fednova",
                "fedprox",
                "fedopt",
                "median"
            })
    void everyBreakpointLeadsToTheSameBytes(String name) throws IOException {
        Aggregator aggregator = Aggregators.named(
                name, name.equals("fedopt") ? new Args(Map.of("modules", List.of("adam"))) : Args.NONE);
        try (var federation = new LeastSquares(1, 2, 3).federation(folder)) {
            var whole = LeastSquares.experiment(federation, folder, aggregator, 0.05)
                    .trainingArgs(args -> args.numUpdates(5)
                            .optimizerModules(List.of(new OptimizerModule("momentum", new Args(Map.of("beta", 0.5))))))
                    .rounds(ROUNDS)
                    .folder(folder.resolve("whole"))
                    .build();
            whole.run();
            // the last first to answer
            int delay = 3;
            for (var node : federation.nodes()) {
                node.behaviour(Behaviour.late(Duration.ofMillis(20L * delay--)));
            }
            for (int round = 0; round < ROUNDS; round++) {
                var copy = folder.resolve("from-" + round);
                copyUpTo(round, whole.folder(), copy);
                var resumed = Experiment.resume(federation.researcher(), copy);
                assertThat(resumed.finishedRounds()).isEqualTo(round);
                resumed.run();
                for (var file : files(whole.folder().resolve("rounds/" + number(ROUNDS)))) {
                    assertThat(copy.resolve("rounds/" + number(ROUNDS)).resolve(file.getFileName()))
                            .as("from round %d", round)
                            .hasSameBinaryContentAs(file);
                }
            }
        }
    }

    private static String number(int round) {
        return "%04d".formatted(round);
    }

    /** Models and states; replies tell times. */
    private static List<Path> files(Path round) throws IOException {
        try (var files = Files.list(round)) {
            return files.filter(file -> file.toString().endsWith(".safetensors") || file.endsWith("state.json"))
                    .toList();
        }
    }

    private static void copyUpTo(int round, Path from, Path to) throws IOException {
        try (var tree = Files.walk(from)) {
            for (var path : tree.sorted(Comparator.naturalOrder()).toList()) {
                var relative = from.relativize(path);
                boolean later = relative.startsWith("rounds")
                        && relative.getNameCount() > 1
                        && relative.getName(1).toString().compareTo(number(round)) > 0;
                if (!later) {
                    Files.copy(path, to.resolve(relative.toString()));
                }
            }
        }
    }
}
