package fedbiomed.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.RoundFailed;
import fedbiomed.researcher.strategy.Strategy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network whose first layer stays at the nodes, over rounds, over the end of the program, and over what it forgets. */
class LocalLayersTest {
    private static final String PLAN = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class LocalLayerPlan extends TorchPlan {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").standardise().target("sick").classes("no", "yes");
                }

                @Override
                public TorchModule model(Args args) {
                    return sequential(linear(2, 3).local(), tanh(), linear(3, 2));
                }

                @Override
                public TorchOptimizer optimizer(TorchModule model, Args args) {
                    return sgd(model, 0.1);
                }

                @Override
                public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return crossEntropy(model.forward(batch.input()), batch.target());
                }
            }
            """;

    @TempDir
    Path folder;

    private SimulatedFederation federation() throws IOException {
        var federation =
                SimulatedFederation.builder(folder.resolve("federation")).open();
        for (var name : new String[] {"hospital-a", "hospital-b"}) {
            var table = folder.resolve(name + ".csv");
            if (!Files.exists(table)) {
                Sick.table(table, 40, name.hashCode());
            }
            federation.addNode(name, table, "sick");
        }
        return federation;
    }

    private Experiment experiment(SimulatedFederation federation, String name, int rounds) throws IOException {
        return Experiment.builder(federation.researcher())
                .tags("sick")
                .plan(Files.writeString(folder.resolve("LocalLayerPlan.java"), PLAN))
                .modelArgs(Map.of())
                .trainingArgs(args -> args.epochs(1).batchSize(8))
                .strategy(Strategy.all().deadline(Duration.ofMinutes(5)))
                .rounds(rounds)
                .seed(3)
                .folder(folder.resolve(name))
                .build();
    }

    private byte[] model(String experiment) throws IOException {
        return Files.readAllBytes(folder.resolve(experiment).resolve("rounds/0002/global.safetensors"));
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void theLayerGoesOnWhereItsLastRoundLeftItAlsoInAnotherProgram() throws IOException {
        try (var federation = federation()) {
            experiment(federation, "whole", 2).run();
            experiment(federation, "broken", 1).run();
        }
        assertThat(folder.resolve("broken/rounds/0001/node-states.json"))
                .content()
                .contains("hospital-a", "hospital-b");
        resume("broken");
        assertThat(model("broken")).isEqualTo(model("whole"));

        // killed after round 2, and the round lost: what the nodes answered is forgotten with the program, what they
        // keep
        // is not, so they train again to the same bytes
        var before = model("whole");
        delete(folder.resolve("whole/rounds/0002"));
        resume("whole");
        assertThat(model("whole")).isEqualTo(before);

        // and it does matter
        delete(folder.resolve("whole/rounds/0002"));
        delete(folder.resolve("federation/nodes/hospital-b/states"));
        assertThatThrownBy(() -> resume("whole"))
                .isInstanceOf(RoundFailed.class)
                .hasMessageContaining("has no state of your request");
    }

    private void resume(String name) throws IOException {
        try (var federation = federation()) {
            Experiment.resume(federation.researcher(), folder.resolve(name), file -> file.withRounds(2), Duration.ZERO)
                    .run();
        }
    }
}
