package fedbiomed.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.vocabulary.EvaluationSums;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Expected values are scikit-learn 1.9.1's:
 *
 * <pre>{@code
 * y = [0,0,1,1,1,0,1,0]; p = [.1,.4,.35,.8,.9,.6,.7,.2]; h = p > .5
 * accuracy_score(y,h), balanced_accuracy_score(y,h), precision_score(y,h), recall_score(y,h), f1_score(y,h),
 * roc_auc_score(y,p), log_loss(y,p), brier_score_loss(y,p)
 * y = [0,1,2,2,1,0,2]; P = [[.7,.2,.1],[.3,.4,.3],[.1,.1,.8],[.5,.3,.2],[.2,.7,.1],[.2,.5,.3],[.15,.25,.6]]
 * h = P.argmax(1); the same with average='macro', multi_class='ovr', and ((P - eye(3)[y])**2).sum(1).mean()
 * t = [3,-.5,2,7]; q = [2.5,0,2,8]
 * mean_squared_error(t,q), root_mean_squared_error(t,q), mean_absolute_error(t,q), r2_score(t,q)
 * }</pre>
 */
class MetricsTest {
    private static final int[] TRUTH = {0, 0, 1, 1, 1, 0, 1, 0};
    private static final double[] SECOND = {.1, .4, .35, .8, .9, .6, .7, .2};

    private static EvaluationSums binary(int from, int to) {
        var sums = new ClassificationSums(List.of("no", "yes"));
        for (int i = from; i < to; i++) {
            sums.add(TRUTH[i], new double[] {1 - SECOND[i], SECOND[i]}, 0);
        }
        return sums.sums();
    }

    private static void assertMetrics(EvaluationSums sums, Map<String, Double> expected) {
        var metrics = Metrics.of(sums);
        assertThat(metrics).containsOnlyKeys(expected.keySet());
        metrics.forEach((name, value) ->
                assertThat(value).as(name).isCloseTo(expected.getOrDefault(name, Double.NaN), within(1e-12)));
    }

    private static final Map<String, Double> BINARY = Map.of(
            "accuracy", 0.75,
            "balanced_accuracy", 0.75,
            "precision", 0.75,
            "recall", 0.75,
            "f1", 0.75,
            "roc_auc", 0.875,
            "log_loss", 0.4363276947527035,
            "brier", 0.1415625);

    @Test
    void binaryMetricsAreThoseOfScikitLearn() {
        assertMetrics(binary(0, 8), BINARY);
    }

    @Test
    void sumsOfTwoNodesGiveTheMetricsOfThePooledRows() {
        assertMetrics(binary(0, 3).plus(binary(3, 8)), BINARY);
    }

    @Test
    void metricsOfThreeClassesAreThoseOfScikitLearn() {
        int[] truth = {0, 1, 2, 2, 1, 0, 2};
        double[] scores = {.7, .2, .1, .3, .4, .3, .1, .1, .8, .5, .3, .2, .2, .7, .1, .2, .5, .3, .15, .25, .6};
        var sums = new ClassificationSums(List.of("a", "b", "c"));
        for (int i = 0; i < truth.length; i++) {
            sums.add(truth[i], scores, 3 * i);
        }
        assertMetrics(
                sums.sums(),
                Map.of(
                        "accuracy", 0.7142857142857143,
                        "balanced_accuracy", 0.7222222222222222,
                        "precision", 0.7222222222222222,
                        "recall", 0.7222222222222222,
                        "f1", 0.7000000000000001,
                        "roc_auc", 0.8277777777777778,
                        "log_loss", 0.7974979456714316,
                        "brier", 0.4407142857142858));
    }

    @Test
    void regressionMetricsAreThoseOfScikitLearn() {
        double[] truth = {3, -.5, 2, 7};
        double[] predicted = {2.5, 0, 2, 8};
        var sums = new RegressionSums();
        for (int i = 0; i < truth.length; i++) {
            sums.add(truth[i], predicted[i]);
        }
        assertMetrics(
                sums.sums(), Map.of("mse", 0.375, "rmse", 0.6123724356957945, "mae", 0.5, "r2", 0.9486081370449679));
    }

    @Test
    void whatIsNotDefinedIsLeftOut() {
        assertThat(Metrics.of(binary(0, 2))).doesNotContainKey("roc_auc").containsEntry("accuracy", 1.0);
        assertThat(Metrics.of(new ClassificationSums(List.of("a", "b")).sums())).isEmpty();
        assertThat(Metrics.of(new RegressionSums().sums())).isEmpty();
    }

    @Test
    void aSureAndWrongScoreCostsWhatTheClippingAllows() {
        var sums = new ClassificationSums(List.of("a", "b"));
        sums.add(1, new double[] {1, 0}, 0);
        assertThat(Metrics.of(sums.sums()).get("log_loss"))
                .isCloseTo(-Math.log(ClassificationSums.LOG_CLIP), within(1e-9));
    }

    @Test
    void sumsOfAForeignShapeAreRefused() {
        var sums = new TreeMap<>(Map.of(SumNames.CONFUSION, new double[3]));
        assertThatThrownBy(() -> Metrics.of(new EvaluationSums("classification", List.of("a", "b"), 3, sums)))
                .hasMessageContaining("confusion");
        assertThatThrownBy(() -> Metrics.of(new EvaluationSums("ranking", List.of(), 3, sums)))
                .hasMessageContaining("ranking");
    }
}
