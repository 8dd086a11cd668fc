package fedbiomed.training.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.training.Samples;
import fedbiomed.vocabulary.Args;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Batches of one row, compared with scikit-learn 1.9.1:
 *
 * <pre>{@code
 * X = [[1,2],[-1,.5],[.3,-2],[2,1]]; Y = [1,0,0,1]
 * SGDClassifier(loss='log_loss', alpha=.01, learning_rate=lr, eta0=.1, power_t=.25, shuffle=False, max_iter=1,
 *               tol=None).fit(X, Y)
 * SGDRegressor(alpha=.01, learning_rate='constant', eta0=.1, shuffle=False, max_iter=1, tol=None).fit(X, Y * 2.5)
 * }</pre>
 */
class LinearEngineTest {
    private static final double[][] X = {{1, 2}, {-1, .5}, {.3, -2}, {2, 1}};
    private static final Offset<Double> EXACT = within(1e-12);

    private static LinearEngine trained(LinearLoss loss, int outputs, Map<String, Object> args, double... y) {
        var engine = new LinearEngine(loss, 2, outputs, SgdSettings.of(new Args(args), Args.NONE));
        for (int row = 0; row < X.length; row++) {
            engine.train(new Samples(X[row], 2, new double[] {y[row]}));
        }
        return engine;
    }

    @ParameterizedTest
    @CsvSource({
        "constant, 0.1723134522853432, 0.21077128902112266, -0.005563698229045101",
        "invscaling, 0.1429076288764893, 0.17990340511856937, 0.0015687580981315133",
        "optimal, 3.8104776703791514, 1.891205945959101, -1.063752586929381"
    })
    void singleRowsMakeScikitLearnsSteps(String schedule, double first, double second, double intercept) {
        var args = Map.<String, Object>of("alpha", .01, "eta0", .1, "learning_rate", schedule, "power_t", .25);
        var parameters = trained(LinearLoss.LOG, 1, args, 1, 0, 0, 1).parameters();
        assertThat(parameters.get("coef").toDoubles()).containsExactly(new double[] {first, second}, EXACT);
        assertThat(parameters.get("intercept").toDoubles()).containsExactly(new double[] {intercept}, EXACT);
    }

    @Test
    void regressionMakesScikitLearnsSteps() {
        var args = Map.<String, Object>of("alpha", .01, "eta0", .1);
        var parameters =
                trained(LinearLoss.SQUARED_ERROR, 1, args, 2.5, 0, 0, 2.5).parameters();
        assertThat(parameters.get("coef").toDoubles())
                .containsExactly(new double[] {0.5474179275000001, 0.47946475200000005}, EXACT);
        assertThat(parameters.get("intercept").toDoubles()).containsExactly(new double[] {0.41827745000000005}, EXACT);
    }

    @Test
    void severalClassesAreLearntAndNormalisedAsInScikitLearn() {
        var args = Map.<String, Object>of("alpha", .01, "eta0", .1);
        var engine = trained(LinearLoss.LOG, 3, args, 0, 1, 2, 1);
        assertThat(engine.parameters().get("coef").toDoubles())
                .containsExactly(
                        new double[] {
                            -0.027686547714656822,
                            0.11077128902112264,
                            -0.004246329215638348,
                            0.0880472725137298,
                            -0.07519964121438247,
                            -0.26041088262559725
                        },
                        EXACT);
        assertThat(engine.scores(new Samples(X[0], 2, new double[0])))
                .containsExactly(new double[] {0.3730206620847113, 0.3886934869804561, 0.23828585093483257}, EXACT);
    }

    @Test
    void theGradientIsTheBatchsMean() {
        var settings = SgdSettings.of(new Args(Map.of("eta0", 1, "alpha", 0)), Args.NONE);
        var engine = new LinearEngine(LinearLoss.SQUARED_ERROR, 1, 1, settings);
        double loss = engine.train(new Samples(new double[] {1, 3}, 1, new double[] {2, 4}));
        assertThat(loss).isEqualTo((4 + 16) / 2.0 / 2);
        assertThat(engine.parameters().get("coef").toDoubles()).containsExactly((2 + 12) / 2.0);
        assertThat(engine.parameters().get("intercept").toDoubles()).containsExactly((2 + 4) / 2.0);
    }

    @Test
    void anArgumentThatIsUnknownOrOutOfRangeIsNamed() {
        assertThatThrownBy(() -> SgdSettings.of(new Args(Map.of("eta", 1)), Args.NONE))
                .hasMessageContaining("'eta'")
                .hasMessageContaining("eta0");
        assertThatThrownBy(() -> SgdSettings.of(new Args(Map.of("eta0", -1)), Args.NONE))
                .hasMessageContaining("eta0 must be above 0, not -1");
        assertThatThrownBy(() -> SgdSettings.of(new Args(Map.of("learning_rate", "adaptive")), Args.NONE))
                .hasMessageContaining("constant, invscaling, optimal");
        assertThatThrownBy(() -> SgdSettings.of(new Args(Map.of("penalty", "l1")), Args.NONE))
                .hasMessageContaining("l2 or none");
    }
}
