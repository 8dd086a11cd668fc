package fedbiomed.training.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.training.Samples;
import fedbiomed.training.metrics.Metrics;
import fedbiomed.training.metrics.SurvivalSums;
import fedbiomed.training.metrics.SurvivalTime;
import fedbiomed.vocabulary.Args;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Batches of all rows, carried to convergence, compared with lifelines 0.30.3. {@code
 * src/test/python/cox_reference.py} made {@code survival.csv} and the values.
 */
class CoxReferenceTest {
    private static final double[][] ROWS = SgdReferenceTest.lines("survival.csv")
            .map(line -> Arrays.stream(line.split(",", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray())
            .toArray(double[][]::new);
    private static final int WIDTH = 3;
    private static final int EXACT_TIME = 3;
    private static final int TIED_TIME = 4;
    private static final int EVENT = 5;

    private static double[] targets(int timeColumn) {
        return Arrays.stream(ROWS)
                .mapToDouble(row -> SurvivalTime.of(row[timeColumn], row[EVENT] == 1))
                .toArray();
    }

    private static Samples samples(int timeColumn) {
        var inputs = Arrays.stream(ROWS)
                .flatMapToDouble(row -> Arrays.stream(row, 0, WIDTH))
                .toArray();
        return new Samples(inputs, WIDTH, targets(timeColumn));
    }

    private static CoxEngine engine(Map<String, Object> args) {
        return new CoxEngine(SgdArguments.COX.settings(new Args(args), Args.NONE), WIDTH);
    }

    /** @return the last step's loss */
    private static double converge(CoxEngine engine, int timeColumn) {
        double loss = 0;
        for (int step = 0; step < 2000; step++) {
            loss = engine.train(samples(timeColumn));
        }
        return loss;
    }

    private static void assertLearnt(CoxEngine engine, double... expected) {
        assertThat(engine.parameters().get("coef").toDoubles()).containsExactly(expected, within(1e-6));
    }

    @Test
    void fullBatchesConvergeToWhatLifelinesFinds() {
        var engine = engine(Map.of("eta0", 0.5));
        assertThat(converge(engine, EXACT_TIME)).isCloseTo(1.8779499767798327, within(1e-9));
        assertLearnt(engine, 0.5212783967927542, -0.497849919986374, -0.020103392302659243);
    }

    @Test
    void aHookChangesTheGradientBeforeTheStep() {
        var plain = engine(Map.of("eta0", 0.5));
        plain.train(samples(EXACT_TIME));
        var hooked = engine(Map.of("eta0", 0.5));
        hooked.gradientHook(gradients -> {
            var gradient = gradients.getFirst();
            assertThat(gradient.name()).isEqualTo("coef");
            for (int f = 0; f < WIDTH; f++) {
                double value = gradient.values().getAtIndex(ValueLayout.JAVA_DOUBLE, f);
                gradient.values().setAtIndex(ValueLayout.JAVA_DOUBLE, f, value + f + 1);
            }
        });
        double loss = hooked.gradient(samples(EXACT_TIME));
        assertLearnt(hooked, 0, 0, 0);
        assertThat(hooked.train(samples(EXACT_TIME))).isEqualTo(loss);
        var there = plain.parameters().get("coef").toDoubles();
        assertLearnt(hooked, there[0] - 0.5, there[1] - 1, there[2] - 1.5);
    }

    @Test
    void alphaIsLifelinesPenalizer() {
        var engine = engine(Map.of("eta0", 0.5, "penalty", "l2", "alpha", 0.1));
        converge(engine, EXACT_TIME);
        assertLearnt(engine, 0.4298622909173711, -0.40856968462844917, 0.013203592490154166);
    }

    @Test
    void tiesAreBreslows() {
        var engine = engine(Map.of("eta0", 0.5));
        assertThat(converge(engine, TIED_TIME)).isCloseTo(1.9842417566187311, within(1e-9));
        assertLearnt(engine, 0.4033047734066705, -0.4755650625975702, -0.01194959837011205);
    }

    @Test
    void aBatchWithoutEventsTeachesNothing() {
        var engine = engine(Map.of());
        double loss = engine.train(new Samples(new double[] {1, 2, 3, 4, 5, 6}, WIDTH, new double[] {-1, -2}));
        assertThat(loss).isZero();
        assertLearnt(engine, 0, 0, 0);
    }

    @Test
    void riskSetsOfVeryDifferentRiskStayFinite() {
        var engine = engine(Map.of("eta0", 1e-9));
        engine.load(engine.parameters());
        var far = new Samples(new double[] {1e6, 0, 0, -1e6, 0, 0, 0, 0, 0}, WIDTH, new double[] {1, 3, 2});
        engine.train(far);
        assertThat(engine.train(far)).isFinite();
    }

    private static double[] risks(boolean rounded) {
        return Arrays.stream(ROWS)
                .mapToDouble(row -> row[0] * 0.8 - row[1] * 0.5)
                .map(risk -> rounded ? Math.rint(risk) : risk)
                .toArray();
    }

    @Test
    void theConcordanceIndexIsLifelines() {
        assertThat(Metrics.of(SurvivalSums.of(targets(EXACT_TIME), risks(false)))
                        .get("concordance_index"))
                .isCloseTo(0.6898797595190381, within(1e-12));
        assertThat(Metrics.of(SurvivalSums.of(targets(TIED_TIME), risks(true))).get("concordance_index"))
                .isCloseTo(0.6974505723204995, within(1e-12));
    }

    @Test
    void thereIsNoConcordanceWithoutAComparablePair() {
        assertThat(Metrics.of(SurvivalSums.of(new double[] {-1, -2}, new double[] {1, 2})))
                .isEmpty();
        assertThat(Metrics.of(SurvivalSums.of(new double[0], new double[0]))).isEmpty();
    }
}
