package fedbiomed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.GradientCorrection;
import fedbiomed.vocabulary.TrainingArgs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SCAFFOLD and FedDyn through a job on a linear model, in binary64, beside their papers' formulas. */
class CorrectionTrainingTest {
    private static final Offset<Double> EXACT = within(1e-9);
    private static final double ETA = 0.05;
    private static final int ROWS = 50;
    private static final String REGRESSION = """
            import fedbiomed.training.linear.*;

            public class LengthPlan extends SgdRegressor {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").standardise(GIVEN).given("a", 110, 6).given("b", 6, 0.6)
                        .target("length");
                }
            }
            """;

    @TempDir
    Path folder;

    private Fixture fixture;

    @BeforeEach
    void prepare() throws Exception {
        fixture = Fixture.of(folder, REGRESSION, Fixture.table(ROWS, 3))
                .withModelArgs(new Args(Map.of("learning_rate", "constant", "eta0", ETA, "alpha", 0)));
        writeModel(model(0.3, -0.2, 1.5));
    }

    private static Parameters model(double... values) {
        return Parameters.builder()
                .put("coef", Tensor.ofDoubles(new double[] {values[0], values[1]}, 1, 2))
                .put("intercept", Tensor.ofDoubles(new double[] {values[2]}, 1))
                .build();
    }

    private void writeModel(Parameters model) {
        Safetensors.write(folder.resolve("global.safetensors"), model);
    }

    /** coef, then intercept. */
    private static double[] values(Parameters model) {
        var coef = model.get("coef").toDoubles();
        return new double[] {coef[0], coef[1], model.get("intercept").toDoubles()[0]};
    }

    private static TrainingArgs.Builder batches() {
        return TrainingArgs.builder().epochs(2).batchSize(16).randomSeed(7);
    }

    private static TrainingArgs.Builder fullBatch(int updates) {
        return TrainingArgs.builder().numUpdates(updates).batchSize(ROWS).randomSeed(7);
    }

    private static GradientCorrection correction(String name, Map<String, Object> args) {
        return new GradientCorrection(name, new Args(args));
    }

    private static GradientCorrection scaffold(int option) {
        return correction("scaffold", Map.of("option", option));
    }

    private Parameters train(TrainingArgs.Builder args) {
        try (var plan = fixture.compiled()) {
            plan.run(fixture.job(WorkerJob.Task.TRAIN, args.build(), null), _ -> {});
        }
        return Safetensors.map(folder.resolve("local.safetensors"));
    }

    private Parameters stateAfter() {
        return Safetensors.map(folder.resolve("state-after.safetensors"));
    }

    private void writeStateBefore(Parameters state) {
        Safetensors.write(folder.resolve("state-before.safetensors"), state);
    }

    /** Of all rows, by one plain step from there. */
    private double[] gradientAt(double... weights) throws Exception {
        var model = Files.readAllBytes(folder.resolve("global.safetensors"));
        var state = folder.resolve("state-before.safetensors");
        var kept = Files.exists(state) ? Files.readAllBytes(state) : null;
        Files.deleteIfExists(state);
        writeModel(model(weights));
        var there = values(train(fullBatch(1)));
        Files.write(folder.resolve("global.safetensors"), model);
        if (kept != null) {
            Files.write(state, kept);
        }
        var gradient = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            gradient[i] = (weights[i] - there[i]) / ETA;
        }
        return gradient;
    }

    /** Two rounds of eight steps; c_i+ = c_i - c + (x - y) / (K eta), the paper's option II. */
    @Test
    void scaffoldsOptionTwoIsThePapersFormulaForPlainSgd() {
        double k = 2 * Math.ceilDiv(ROWS, 16);
        var x = new double[] {0.3, -0.2, 1.5};
        var y = train(batches().correction(scaffold(2)));
        var own = new double[3];
        for (int i = 0; i < 3; i++) {
            own[i] = (x[i] - values(Auxiliary.model(y))[i]) / (k * ETA);
        }
        assertThat(values(Auxiliary.vector(y, "control_change"))).containsExactly(own, EXACT);
        assertThat(values(Auxiliary.vector(stateAfter(), "scaffold.control"))).containsExactly(own, EXACT);
        writeStateBefore(stateAfter());
        var c = new double[] {0.4, -0.1, 0.25};
        x = values(Auxiliary.model(y));
        writeModel(Auxiliary.with(Auxiliary.model(y), "control", model(c)));
        var next = train(batches().correction(scaffold(2)));
        var expected = new double[3];
        for (int i = 0; i < 3; i++) {
            double ownNext = own[i] - c[i] + (x[i] - values(Auxiliary.model(next))[i]) / (k * ETA);
            expected[i] = ownNext - own[i];
        }
        assertThat(values(Auxiliary.vector(next, "control_change"))).containsExactly(expected, EXACT);
        assertThat(next.names())
                .containsExactly(
                        "coef", "intercept", "auxiliary/control_change/coef", "auxiliary/control_change/intercept");
    }

    @Test
    void scaffoldAddsTheServersControlAndTakesTheNodesOwn() {
        var c = new double[] {0.4, -0.1, 0.25};
        var own = new double[] {-0.2, 0.3, 0.1};
        var plain = values(train(fullBatch(1)));
        writeModel(Auxiliary.with(model(0.3, -0.2, 1.5), "control", model(c)));
        writeStateBefore(Auxiliary.with(Parameters.builder().build(), "scaffold.control", model(own)));
        var corrected = values(train(fullBatch(1).correction(scaffold(2))));
        for (int i = 0; i < 3; i++) {
            assertThat(corrected[i]).isCloseTo(plain[i] - ETA * (c[i] - own[i]), EXACT);
        }
    }

    /** Batches of 16, 16, 16 and 2 rows weigh as many rows as they have. */
    @Test
    void scaffoldsOptionOneIsTheGradientOfAllRowsAtTheIncomingModel() throws Exception {
        var gradient = gradientAt(0.3, -0.2, 1.5);
        var plain = values(train(batches()));
        var trained = train(batches().correction(scaffold(1)));
        assertThat(values(Auxiliary.vector(trained, "control_change"))).containsExactly(gradient, EXACT);
        assertThat(values(Auxiliary.model(trained)))
                .as("the look at all rows first changes nothing else")
                .containsExactly(plain);
    }

    @Test
    void feddynPullsByItsRegulariserAndKeepsWhereItsGradientEnded() throws Exception {
        double alpha = 0.7;
        var x = new double[] {0.3, -0.2, 1.5};
        var h = new double[] {0.5, -0.4, 0.2};
        writeStateBefore(Auxiliary.with(Parameters.builder().build(), "feddyn.gradient", model(h)));
        var g = gradientAt(x);
        var first = new double[3];
        for (int i = 0; i < 3; i++) {
            first[i] = x[i] - ETA * (g[i] - h[i]);
        }
        var gFirst = gradientAt(first);
        var second = new double[3];
        var kept = new double[3];
        for (int i = 0; i < 3; i++) {
            second[i] = first[i] - ETA * (gFirst[i] - h[i] + alpha * (first[i] - x[i]));
            kept[i] = h[i] - alpha * (second[i] - x[i]);
        }
        var trained = train(fullBatch(2).correction(correction("feddyn", Map.of("alpha", alpha))));
        assertThat(trained.names()).as("nothing else leaves").containsExactly("coef", "intercept");
        assertThat(values(trained)).containsExactly(second, EXACT);
        assertThat(values(Auxiliary.vector(stateAfter(), "feddyn.gradient"))).containsExactly(kept, EXACT);
    }

    @Test
    void whatWasKeptFitsOrIsAnError() {
        writeStateBefore(Auxiliary.with(Parameters.builder().build(), "feddyn.gradient", model(1, 2, 3)));
        assertUnfit(batches().correction(scaffold(2)), "it has no 'scaffold.control'");
        assertUnfit(batches(), "vectors of another correction");
        writeStateBefore(Auxiliary.with(
                Parameters.builder().build(),
                "feddyn.gradient",
                Parameters.builder()
                        .put("coef", Tensor.ofDoubles(new double[3], 1, 3))
                        .put("intercept", Tensor.ofDoubles(new double[1], 1))
                        .build()));
        assertUnfit(batches().correction(correction("feddyn", Map.of())), "not of the trained tensors' names, types");
    }

    private void assertUnfit(TrainingArgs.Builder args, String part) {
        assertThatThrownBy(() -> train(args))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining(part)
                .hasMessageContaining("begin a new experiment")
                .extracting(e -> ((FedbiomedException) e).code())
                .isEqualTo(ErrorCode.DATA_UNFIT);
    }

    @Test
    void whatIsUnknownOrOutOfRangeIsNamed() {
        assertRefused(correction("scafold", Map.of()), "no correction 'scafold'", "scaffold and feddyn");
        assertRefused(correction("scaffold", Map.of("option", 3)), "option", "must be 1 or 2, not 3");
        assertRefused(correction("scaffold", Map.of("eta", 1)), "no argument 'eta'", "it knows option");
        assertRefused(correction("feddyn", Map.of("alpha", 0)), "alpha", "above 0, not 0");
        assertRefused(correction("feddyn", Map.of("alpha", "big")), "'alpha' must be a number, not big");
    }

    private void assertRefused(GradientCorrection correction, String... parts) {
        assertThatThrownBy(() -> train(batches().correction(correction)))
                .isInstanceOf(FedbiomedException.class)
                .satisfies(e -> assertThat(((FedbiomedException) e).code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .extracting(Throwable::getMessage, org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .contains(parts);
    }

    @Test
    void aControlThatIsNotOfTheModelsStructureIsAnError() {
        writeModel(Auxiliary.with(
                model(1, 2, 3),
                "control",
                Parameters.builder()
                        .put("coef", Tensor.ofDoubles(new double[2], 1, 2))
                        .build()));
        assertThatThrownBy(() -> train(batches().correction(scaffold(2))))
                .hasMessageContaining("'control'")
                .hasMessageContaining("'intercept'");
    }
}
