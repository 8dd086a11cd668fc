package fedbiomed.vocabulary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a program sets is refused like what a file says; the file's values are tried in the researcher's tests. */
class TrainingArgsTest {
    private static void assertRefused(UnaryOperator<TrainingArgs.Builder> args, String said) {
        assertThatThrownBy(() -> args.apply(TrainingArgs.builder()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
    }

    @Test
    void whatIsOutOfRangeOrContradictsIsNamedWithItsValue() {
        assertRefused(args -> args.testRatio(Double.NaN), "test_ratio must be at least 0 and less than 1, not NaN");
        assertRefused(args -> args.fedproxMu(Double.NaN), "fedprox_mu must be a finite number of at least 0, not NaN");
        assertRefused(args -> args.epochs(2).numUpdates(3), "not both (epochs=2, num_updates=3)");
        assertRefused(args -> args.numUpdates(3).batchMaxnum(2), "num_updates (3) and batch_maxnum (2)");
        assertRefused(args -> args.batchSize(-1), "batch_size must be at least 1, not -1");
        assertRefused(args -> args.testOnLocalUpdates(true), "test_ratio is 0");
        assertRefused(args -> args.shuffleTestingDataset(true), "leave shuffle_testing_dataset out");
        assertRefused(args -> args.testBatchSize(5), "leave test_batch_size out");
        assertRefused(args -> args.testMetric("f1"), "leave test_metric out");
        assertRefused(args -> args.testMetricArgs(new Args(Map.of("beta", 2))), "leave test_metric_args out");
    }

    @Test
    void heldOutRowsMayBeTestedLater() {
        var args = TrainingArgs.builder().testRatio(0.2).testMetric("f1").build();
        assertThat(args.toBuilder().build()).isEqualTo(args);
    }
}
