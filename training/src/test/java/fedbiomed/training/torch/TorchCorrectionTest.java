package fedbiomed.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.GradientCorrection;
import fedbiomed.vocabulary.LoaderArgs;
import fedbiomed.vocabulary.OptimizerModule;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.TrainingArgs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SCAFFOLD, FedDyn and modules through a job on a network with a frozen, a local and a normalised part. */
class TorchCorrectionTest {
    private static final double ETA = 0.05;
    private static final int ROWS = 40;
    private static final List<String> TRAINED = List.of("norm.weight", "norm.bias", "head.weight", "head.bias");
    private static final String PLAN = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class Parts extends TorchPlan {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.tensors().input("x", 3).target("y").regression();
                }

                static class Net extends TorchModule {
                    final TorchModule frozen = child("frozen", linear(3, 4).freeze());
                    final TorchModule own = child("own", linear(4, 4).local());
                    final TorchModule norm = child("norm", batchNorm1d(4));
                    final TorchModule head = child("head", linear(4, 1));

                    @Override
                    public TorchTensor forward(TorchTensor x) {
                        return head.forward(norm.forward(own.forward(frozen.forward(x)).tanh()));
                    }
                }

                @Override
                public TorchModule model(Args args) {
                    return new Net();
                }

                @Override
                public TorchOptimizer optimizer(TorchModule model, Args args) {
                    return sgd(model, 0.05);
                }

                @Override
                public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return mseLoss(model.forward(batch.input()), batch.target());
                }
            }
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void prepare() {
        var random = new SplittableRandom(1);
        var x = random.doubles(ROWS * 3L, -1, 1).toArray();
        var y = new double[ROWS];
        for (int i = 0; i < ROWS; i++) {
            y[i] = x[3 * i] - 2 * x[3 * i + 1] + 0.5;
        }
        Safetensors.write(
                folder.resolve("data.safetensors"),
                Parameters.builder()
                        .put("x", Tensor.ofDoubles(x, ROWS, 3))
                        .put("y", Tensor.ofDoubles(y, ROWS, 1))
                        .build());
        try (var plan = LoadedPlan.compile(new PlanSource(PLAN))) {
            write("global", plan.initialParameters(Args.NONE, 1));
        }
    }

    private void write(String name, Parameters parameters) {
        Safetensors.write(folder.resolve(name + ".safetensors"), parameters);
    }

    private Parameters read(String name) {
        return Safetensors.map(folder.resolve(name + ".safetensors"));
    }

    private static TrainingArgs.Builder args() {
        return TrainingArgs.builder().epochs(2).batchSize(16).randomSeed(5);
    }

    private static TrainingArgs.Builder oneStep() {
        return TrainingArgs.builder().numUpdates(1).batchSize(ROWS).randomSeed(5);
    }

    private static GradientCorrection correction(String name, Map<String, Object> args) {
        return new GradientCorrection(name, new Args(args));
    }

    private Parameters train(TrainingArgs.Builder args) {
        return train(PLAN, args);
    }

    private Parameters train(String text, TrainingArgs.Builder args) {
        try (var plan = LoadedPlan.compile(new PlanSource(text))) {
            plan.run(
                    new WorkerJob(
                            WorkerJob.Task.TRAIN,
                            folder.resolve("plan.java"),
                            Args.NONE,
                            args.build(),
                            new Participant(new PartyId("hospital-a"), "arrays"),
                            1,
                            new StoredDataset("tensors", folder.resolve("data.safetensors")),
                            folder.resolve("global.safetensors"),
                            folder.resolve("local.safetensors"),
                            null),
                    _ -> {});
        }
        return read("local");
    }

    private static void assertClose(String name, Tensor tensor, double[] expected, double tolerance) {
        assertThat(tensor.toDoubles()).as(name).containsExactly(expected, within(tolerance));
    }

    /** factor (from - to), element by element. */
    private static double[] difference(Tensor from, Tensor to, double factor) {
        var values = from.toDoubles();
        var others = to.toDoubles();
        for (int i = 0; i < values.length; i++) {
            values[i] = factor * (values[i] - others[i]);
        }
        return values;
    }

    /** Six steps; in binary32 a step's rounding is 1e-8, divided by their length and number. */
    @Test
    void scaffoldsOptionTwoIsThePapersFormulaAndOnlyOfWhatIsTrainedAndTravels() {
        var before = read("global");
        var after = train(args().correction(correction("scaffold", Map.of())));
        var change = Auxiliary.vector(after, "control_change");
        Auxiliary.floating(before).requireSameStructure(change);
        change.tensors().forEach((name, tensor) -> {
            var expected = TRAINED.contains(name)
                    ? difference(before.get(name), after.get(name), 1 / (6 * ETA))
                    : new double[(int) tensor.elements()];
            assertClose(name, tensor, expected, 3e-6);
        });
        assertThat(change.get("head.weight").toDoubles()).doesNotContain(0);
        var state = read("state-after");
        assertThat(Auxiliary.model(state).names()).containsExactly("own.weight", "own.bias");
        assertThat(Auxiliary.vector(state, "scaffold.control").names()).containsExactlyElementsOf(TRAINED);
        before.requireSameStructure(Auxiliary.model(after));
    }

    private Parameters trainedPlaces(double value) {
        var places = Parameters.builder();
        read("global").tensors().forEach((name, tensor) -> {
            if (TRAINED.contains(name)) {
                places.put(name, filled(tensor, value));
            }
        });
        return places.build();
    }

    private static Tensor filled(Tensor like, double value) {
        var values = new float[(int) like.elements()];
        Arrays.fill(values, (float) value);
        return Tensor.ofFloats(values, like.shape());
    }

    private Parameters control(double value) {
        var control = Parameters.builder();
        Auxiliary.floating(read("global"))
                .tensors()
                .forEach((name, tensor) -> control.put(name, filled(tensor, value)));
        return control.build();
    }

    private Parameters own() {
        var own = Parameters.builder();
        List.of("own.weight", "own.bias")
                .forEach(name -> own.put(name, read("global").get(name)));
        return own.build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sgd(model, 0.05)", "lbfgs(model, 0.05, 1)"})
    void scaffoldAddsTheServersControlLessTheNodesOwn(String optimizer) {
        var text = PLAN.replace("sgd(model, 0.05)", optimizer);
        var gradient =
                Auxiliary.vector(train(oneStep().correction(correction("scaffold", Map.of()))), "control_change");
        var ownGradient =
                difference(own().get("own.weight"), read("state-after").get("own.weight"), 1 / ETA);
        var ownBiasGradient =
                difference(own().get("own.bias"), read("state-after").get("own.bias"), 1 / ETA);
        var before = read("global");
        write("global", Auxiliary.with(before, "control", control(0.4)));
        write("state-before", Auxiliary.with(own(), "scaffold.control", trainedPlaces(0.1)));
        var after = train(text, oneStep().correction(correction("scaffold", Map.of())));
        double l1 = sumOfAbsolutes(ownGradient) + sumOfAbsolutes(ownBiasGradient);
        for (var name : TRAINED) {
            l1 += sumOfAbsolutes(corrected(gradient.get(name)));
        }
        // L-BFGS's first step is shorter where gradients are large
        double step = optimizer.startsWith("lbfgs") ? ETA * Math.min(1, 1 / l1) : ETA;
        for (var name : TRAINED) {
            var expected = before.get(name).toDoubles();
            var g = corrected(gradient.get(name));
            for (int i = 0; i < expected.length; i++) {
                expected[i] -= step * g[i];
            }
            assertClose(name, after.get(name), expected, 1e-6);
        }
        // c_i+ is the gradient itself, c_i was 0.1
        var change =
                Auxiliary.vector(after, "control_change").get("head.weight").toDoubles();
        assertThat(change[0]).isCloseTo(gradient.get("head.weight").toDoubles()[0] - 0.1, within(1e-6));
    }

    private static double[] corrected(Tensor gradient) {
        var values = gradient.toDoubles();
        for (int i = 0; i < values.length; i++) {
            values[i] += 0.4 - 0.1;
        }
        return values;
    }

    private static double sumOfAbsolutes(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += Math.abs(value);
        }
        return sum;
    }

    @Test
    void scaffoldsOptionOneLooksFirstAndChangesNothing() throws Exception {
        var two = TrainingArgs.builder().numUpdates(2).batchSize(20).randomSeed(5);
        var plain = train(two);
        var plainState = Files.readAllBytes(folder.resolve("state-after.safetensors"));
        var after = train(two.correction(correction("scaffold", Map.of("option", 1))));
        assertThat(Auxiliary.model(after)).isEqualTo(plain);
        var kept = Auxiliary.model(read("state-after"));
        write("engine", kept);
        assertThat(Files.readAllBytes(folder.resolve("engine.safetensors"))).isEqualTo(plainState);
        var change = Auxiliary.vector(after, "control_change");
        assertThat(change.get("frozen.weight").toDoubles()).containsOnly(0);
        // of one batch of all rows it is what one plain step takes
        var step = train(oneStep());
        var all = Auxiliary.vector(
                train(oneStep().correction(correction("scaffold", Map.of("option", 1)))), "control_change");
        for (var name : TRAINED) {
            assertClose(name, all.get(name), difference(read("global").get(name), step.get(name), 1 / ETA), 3e-6);
        }
    }

    @Test
    void feddynKeepsItsGradientAndSendsNothing() {
        var before = read("global");
        var plain = train(oneStep());
        write("state-before", Auxiliary.with(own(), "feddyn.gradient", trainedPlaces(0.2)));
        var after = train(oneStep().correction(correction("feddyn", Map.of("alpha", 0.5))));
        before.requireSameStructure(after);
        var kept = Auxiliary.vector(read("state-after"), "feddyn.gradient");
        for (var name : TRAINED) {
            var expected = plain.get(name).toDoubles();
            for (int i = 0; i < expected.length; i++) {
                expected[i] += ETA * 0.2;
            }
            assertClose(name, after.get(name), expected, 1e-6);
            var h = difference(before.get(name), after.get(name), 0.5);
            for (int i = 0; i < h.length; i++) {
                h[i] += 0.2;
            }
            assertClose(name, kept.get(name), h, 1e-6);
        }
    }

    /** Two rounds of one step with momentum 0.9 are, of a part that is taken up where it ended, two steps of one round. */
    @Test
    void modulesGoOnInTheNextRoundFromWhatStayed() throws Exception {
        var momentum = List.of(new OptimizerModule("momentum", Args.NONE), new OptimizerModule("adam", Args.NONE));
        var steps = TrainingArgs.builder()
                .batchSize(ROWS)
                .loaderArgs(new LoaderArgs(ROWS, false, false))
                .randomSeed(5)
                .optimizerModules(momentum);
        var whole = train(steps.numUpdates(2));
        var wholeState = Files.readAllBytes(folder.resolve("state-after.safetensors"));
        var first = train(steps.numUpdates(1));
        write("global", first);
        Files.move(folder.resolve("state-after.safetensors"), folder.resolve("state-before.safetensors"));
        var second = train(steps.numUpdates(1));
        assertThat(second.get("head.weight")).isEqualTo(whole.get("head.weight"));
        assertThat(Files.readAllBytes(folder.resolve("state-after.safetensors")))
                .isEqualTo(wholeState);
    }

    @Test
    void aStateThatDoesNotFitIsAnError() {
        write("state-before", own());
        assertThatThrownBy(() -> train(args().correction(correction("scaffold", Map.of()))))
                .hasMessageContaining("it has no 'scaffold.control'");
        write("state-before", Auxiliary.with(Parameters.builder().build(), "scaffold.control", trainedPlaces(0)));
        assertThatThrownBy(() -> train(args().correction(correction("scaffold", Map.of()))))
                .hasMessageContaining("local parts does not fit the model");
    }
}
