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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From every breakpoint, with answers in another order, to the bytes of the uninterrupted run: also what is remembered. */
class ResumeTest {
    private static final int ROUNDS = 3;
    private static final String LAST = "rounds/0003";

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
            var whole = experiment(federation, aggregator, ROUNDS, "whole");
            whole.run();
            // the last first to answer
            int delay = 3;
            for (var node : federation.nodes()) {
                node.behaviour(Behaviour.late(Duration.ofMillis(20L * delay--)));
            }
            for (int round = 1; round < ROUNDS; round++) {
                var begun = experiment(federation, aggregator, round, "until-" + round);
                begun.run();
                var resumed = Experiment.resume(
                        federation.researcher(), begun.folder(), file -> file.withRounds(ROUNDS), Duration.ZERO);
                assertThat(resumed.finishedRounds()).isEqualTo(round);
                resumed.run();
                for (var file : files(whole.folder().resolve(LAST))) {
                    assertThat(resumed.folder().resolve(LAST).resolve(file.getFileName()))
                            .as("from round %d", round)
                            .hasSameBinaryContentAs(file);
                }
            }
        }
    }

    private Experiment experiment(SimulatedFederation federation, Aggregator aggregator, int rounds, String name)
            throws IOException {
        return LeastSquares.experiment(federation, folder, aggregator, 0.05)
                .trainingArgs(args -> args.numUpdates(5)
                        .optimizerModules(List.of(new OptimizerModule("momentum", new Args(Map.of("beta", 0.5))))))
                .rounds(rounds)
                .folder(folder.resolve(name))
                .build();
    }

    /** Models and states; replies tell times. */
    private static List<Path> files(Path round) throws IOException {
        try (var files = Files.list(round)) {
            return files.filter(file -> file.toString().endsWith(".safetensors") || file.endsWith("state.json"))
                    .toList();
        }
    }
}
