package fedbiomed.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricChoiceTest {
    private static final List<String> CLASSES = List.of("0", "1");

    private static MetricChoice check(List<String> names, Map<String, Object> args, boolean probabilistic) {
        return MetricChoice.checked(
                names, new Args(args), SumNames.CLASSIFICATION, CLASSES, probabilistic, List.of("liver"));
    }

    private static void assertRefused(String name, Map<String, Object> args, String... parts) {
        assertThatThrownBy(() -> check(List.of(name), args, true))
                .isInstanceOf(FedbiomedException.class)
                .extracting(Throwable::getMessage, org.assertj.core.api.InstanceOfAssertFactories.STRING)
                .contains(parts);
    }

    @Test
    void whatDoesNotExistIsRefusedWithWhatDoes() {
        assertRefused("acuracy", Map.of(), "'acuracy'", "no such metric", "balanced_accuracy", "liver");
        assertRefused("mse", Map.of(), "regression", "classification");
        assertThatThrownBy(() -> check(List.of("log_loss"), Map.of(), false)).hasMessageContaining("no probabilities");
    }

    @Test
    void anArgumentThatMakesNoSenseIsRefusedWithWhatDoes() {
        assertRefused("f1", Map.of("beta", 2), "'beta'", "average, pos_label, zero_division");
        assertRefused("f1", Map.of("average", "samples"), "average must be one of", "macro", "'samples'");
        assertRefused("f1", Map.of("pos_label", "2"), "pos_label", "[0, 1]");
        assertRefused("f1", Map.of("pos_label", 1, "average", "macro"), "binary");
        assertRefused("f1", Map.of("zero_division", 0.5), "zero_division must be 0 or 1, not 0.5");
        assertRefused("f1", Map.of("roc_auc", Map.of()), "'roc_auc'", "f1");
        assertRefused("fbeta", Map.of(), "needs beta");
        assertRefused("roc_auc", Map.of("multi_class", "ovo"), "ovr");
        assertRefused("roc_auc", Map.of("average", "micro"), "average must be one of");
        assertRefused("accuracy", Map.of("normalize", "true"), "normalize", "true or false");
    }

    @Test
    void oneMetricsArgumentsHoldOverThoseOfAll() {
        var sums = new ClassificationSums(CLASSES);
        sums.add(0, new double[] {0.9, 0.1}, 0);
        sums.add(1, new double[] {0.6, 0.4}, 0);
        var args = Map.<String, Object>of("zero_division", 0, "precision_score", Map.of("zero_division", 1));
        assertThat(check(List.of("recall", "precision"), args, true).of(sums.sums()))
                .containsExactly(Map.entry("recall", 0.0), Map.entry("precision", 1.0));
    }

    @Test
    void marginsHaveNeitherLogLossNorBrier() {
        var sums = new ClassificationSums(CLASSES, false);
        sums.add(0, new double[] {0.9, 0.1}, 0);
        sums.add(1, new double[] {0.2, 0.8}, 0);
        assertThat(Metrics.of(sums.sums())).containsKey("roc_auc").doesNotContainKeys("log_loss", "brier");
    }

    @Test
    void ownMetricsAreFewAndNamedPlainly() {
        CustomMetrics.requireNames(List.of("liver_volume"));
        assertThatThrownBy(() -> CustomMetrics.requireNames(Collections.nCopies(33, "m")))
                .hasMessageContaining("33")
                .hasMessageContaining("32");
        assertThatThrownBy(() -> CustomMetrics.requireNames(List.of("Mrs Smith")))
                .hasMessageContaining("small letters");
        assertThatThrownBy(() -> CustomMetrics.requireNames(List.of("a", "a"))).hasMessageContaining("twice");
        assertThatThrownBy(() -> CustomMetrics.requireNames(List.of("f1_score")))
                .hasMessageContaining("standard");
    }
}
