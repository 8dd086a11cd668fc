package fedbiomed.simulation;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.Safetensors;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.aggregator.FedAvg;
import fedbiomed.researcher.aggregator.Scaffold;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.RoundFailed;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.OptimizerModule;
import fedbiomed.vocabulary.UpdateCompression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Updates that travel compressed, through the real experiment and nodes: how many bytes, how good a model. */
class CompressionTest {
    private static final Path DIGITS = Path.of("..", "examples", "digits");
    private static final int ROUNDS = 10;

    @TempDir
    Path folder;

    /** @param bytes of an update's file */
    private record Measured(long bytes, double accuracy, double loss) {}

    /** The figures of docs/experiments.md are what this prints. */
    @Test
    void digitsAreLearnedWithFewerBytes() throws IOException {
        try (var federation =
                SimulatedFederation.builder(folder.resolve("federation")).open()) {
            for (var hospital : new String[] {"a", "b"}) {
                federation
                        .addNode("hospital-" + hospital)
                        .addDataset(
                                new StoredDataset(
                                        DatasetKinds.TENSORS, DIGITS.resolve("digits-" + hospital + ".safetensors")),
                                "digits",
                                List.of("digits"));
            }
            var plain = measured(federation, null);
            var bfloat16 = measured(federation, UpdateCompression.bfloat16());
            var float16 = measured(federation, UpdateCompression.float16());
            var int8 = measured(federation, UpdateCompression.int8());
            var tenth = measured(federation, UpdateCompression.topK(0.1));
            var hundredth = measured(federation, UpdateCompression.topK(0.01));
            // headers, biases and running means are a twentieth of this small network
            assertThat(ratio(bfloat16, plain)).isBetween(0.5, 0.53);
            assertThat(ratio(float16, plain)).isBetween(0.5, 0.53);
            assertThat(ratio(int8, plain)).isBetween(0.25, 0.3);
            assertThat(ratio(tenth, plain)).isBetween(0.2, 0.25);
            assertThat(ratio(hundredth, plain)).isBetween(0.02, 0.07);
            assertThat(plain.accuracy()).isGreaterThan(0.95);
            for (var close : List.of(bfloat16, float16, int8, tenth)) {
                assertThat(close.accuracy()).isCloseTo(plain.accuracy(), offset(0.02));
            }
            assertThat(hundredth.accuracy()).isGreaterThan(0.8);
        }
    }

    private static double ratio(Measured measured, Measured plain) {
        return (double) measured.bytes() / plain.bytes();
    }

    private Measured measured(SimulatedFederation federation, @Nullable UpdateCompression compression)
            throws IOException {
        var builder = Experiment.builder(federation.researcher())
                .tags("digits")
                .plan(DIGITS.resolve("DigitsPlan.java"))
                .modelArgs(Map.of("channels", 32))
                .trainingArgs(args -> args.epochs(2)
                        .batchSize(32)
                        .testRatio(0.2)
                        .testOnGlobalUpdates(true)
                        .optimizerArgs(new Args(Map.of("lr", 0.003, "rounds", ROUNDS))))
                .strategy(Strategy.all().deadline(Duration.ofMinutes(10)))
                .rounds(ROUNDS)
                .seed(42)
                .folder(Files.createTempDirectory(folder, "digits").resolve("it"));
        if (compression != null) {
            builder.compression(compression);
        }
        var experiment = builder.build();
        experiment.run();
        var outcome = experiment.replies(ROUNDS).getFirst();
        var reply = requireNonNull(outcome.reply());
        var exchange = requireNonNull(outcome.exchange());
        var test = experiment.finalTest().orElseThrow().pooled();
        var measured = new Measured(
                reply.update().sizeBytes(), requireNonNull(test.get("accuracy")), requireNonNull(test.get("log_loss")));
        // sealed it is a little more; in a simulation nothing is sealed
        assertThat(exchange.bytesFromNode()).isBetween(measured.bytes(), measured.bytes() + 1000);
        System.out.printf(
                "digits, %d rounds, update %s: %,d bytes, accuracy %.4f, log loss %.4f%n",
                ROUNDS,
                compression == null ? "as it is" : compression,
                measured.bytes(),
                measured.accuracy(),
                measured.loss());
        return measured;
    }

    private Experiment line(
            SimulatedFederation federation,
            Aggregator aggregator,
            UpdateCompression compression,
            int rounds,
            String name)
            throws IOException {
        return LeastSquares.experiment(federation, folder, aggregator, 0.05)
                .trainingArgs(args -> args.numUpdates(5)
                        .optimizerModules(List.of(new OptimizerModule("momentum", new Args(Map.of("beta", 0.5))))))
                .compression(compression)
                .rounds(rounds)
                .folder(folder.resolve(name))
                .build();
    }

    /** What is lost is part of the node's state: with SCAFFOLD's vectors and the optimizer's, or alone. */
    @Test
    void everyBreakpointLeadsToTheSameBytes() throws IOException {
        int rounds = 3;
        for (var compression : List.of(UpdateCompression.int8(), UpdateCompression.topK(0.5))) {
            for (var aggregator : List.of(new FedAvg(), new Scaffold())) {
                var name = compression.name() + "-" + aggregator.name();
                try (var federation = new LeastSquares(1, 2, 3).federation(folder)) {
                    var whole = line(federation, aggregator, compression, rounds, name + "-whole");
                    whole.run();
                    for (int round = 1; round < rounds; round++) {
                        line(federation, aggregator, compression, round, name + round)
                                .run();
                        var resumed = Experiment.resume(
                                federation.researcher(),
                                folder.resolve(name + round),
                                file -> file.withRounds(rounds),
                                Duration.ZERO);
                        assertThat(resumed.arguments().trainingArgs().compression())
                                .isEqualTo(compression);
                        resumed.run();
                        assertThat(resumed.globalModel().file())
                                .as("%s from round %d", name, round)
                                .hasSameBinaryContentAs(whole.globalModel().file());
                    }
                }
            }
        }
    }

    /** One of two coefficients in each round; measured: 0.07 from the optimum, which the model goes round. */
    @Test
    void whatWasLeftOutComesLater() throws IOException {
        var problem = new LeastSquares(1, 1, 1);
        try (var federation = problem.federation(folder)) {
            var experiment = LeastSquares.experiment(federation, folder, new FedAvg(), 0.1)
                    .trainingArgs(args -> args.numUpdates(1))
                    .compression(UpdateCompression.topK(0.5))
                    .rounds(100)
                    .build();
            experiment.run();
            assertThat(LeastSquares.distance(
                            LeastSquares.coefficients(experiment.globalModel().file()), problem.optimum()))
                    .isLessThan(0.1);
            assertThat(LeastSquares.distance(new double[2], problem.optimum())).isGreaterThan(1);
        }
    }

    @Test
    void whatIsNotFiniteIsNotCompressed() throws IOException {
        try (var federation = new LeastSquares(1, 2, 3).federation(folder)) {
            federation.node("node-1").behaviour(Behaviour.hostile(UpdateTransformation.nan()));
            var experiment = line(federation, new FedAvg(), UpdateCompression.int8(), 1, "hostile");
            assertThatThrownBy(experiment::run)
                    .isInstanceOf(RoundFailed.class)
                    .hasMessageContainingAll("node-1", "not finite");
        }
    }

    @Test
    void theFileThatCameLiesBesideTheModelThatItStandsFor() throws IOException {
        try (var federation = new LeastSquares(1, 2, 3).federation(folder)) {
            var experiment = LeastSquares.experiment(federation, folder, new Scaffold(), 0.05)
                    .trainingArgs(args -> args.numUpdates(5))
                    .compression(UpdateCompression.float16())
                    .retainFullHistory(true)
                    .folder(folder.resolve("kept"))
                    .build();
            experiment.run();
            for (var update : experiment.updates(1).entrySet()) {
                try (var model = Safetensors.open(update.getValue());
                        var global = Safetensors.open(experiment.globalModel(0).file())) {
                    assertThat(model.parameters().get("coef").dtype())
                            .isEqualTo(global.parameters().get("coef").dtype());
                    assertThat(model.parameters().names()).contains("auxiliary/control_change/coef");
                }
            }
            assertThat(experiment.updates(1)).hasSize(3);
            try (var files = Files.list(folder.resolve("kept/rounds/0001/updates"))) {
                assertThat(files.filter(file -> file.toString().endsWith(".compressed.safetensors")))
                        .hasSize(3);
            }
        }
    }
}
