package fedbiomed.researcher.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.OptimizerModule;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two rounds by hand: the model starts at 1; its updates' mean is 2 in the first round and x + 0.5 in the second. */
class ServerOptimizersTest {
    @TempDir
    private Path folder;

    private double[] twoRounds(Aggregator aggregator) {
        var rounds = new Rounds(folder, aggregator, 2, 1);
        double first = rounds.fold(new double[] {1}, new double[] {3})[0];
        double second = rounds.fold(new double[] {first}, new double[] {first + 1})[0];
        return new double[] {first, second};
    }

    @Test
    void fedAvgMAddsTheChangesUp() {
        // v = 1, then 0.9 + 0.5
        assertThat(twoRounds(new FedAvgM(0.9, 1, Weighting.SAMPLES))).containsExactly(2, 2 + 1.4);
    }

    /** By numpy, in float64: m, v as in Reddi et al., algorithm 2, v beginning at tau^2. */
    @Test
    void theAdaptiveOnesAreThePapers() {
        double tau = 1e-3;
        double v1 = tau * tau + 1;
        double first = 1 + 0.1 / (Math.sqrt(v1) + tau);
        assertThat(twoRounds(AdaptiveFedOpt.fedAdagrad(0.1)))
                .containsExactly(new double[] {first, first + 0.05 / (Math.sqrt(v1 + 0.25) + tau)}, within(1e-15));

        double adamV1 = 0.99 * tau * tau + 0.01;
        double adam = 1 + 0.1 * 0.1 / (Math.sqrt(adamV1) + tau);
        double adamV2 = 0.99 * adamV1 + 0.01 * 0.25;
        double m2 = 0.9 * 0.1 + 0.1 * 0.5;
        assertThat(twoRounds(AdaptiveFedOpt.fedAdam(0.1)))
                .containsExactly(new double[] {adam, adam + 0.1 * m2 / (Math.sqrt(adamV2) + tau)}, within(1e-15));

        double yogiV1 = tau * tau + 0.01;
        double yogi = 1 + 0.1 * 0.1 / (Math.sqrt(yogiV1) + tau);
        double yogiV2 = yogiV1 + 0.01 * 0.25;
        assertThat(twoRounds(AdaptiveFedOpt.fedYogi(0.1)))
                .containsExactly(new double[] {yogi, yogi + 0.1 * m2 / (Math.sqrt(yogiV2) + tau)}, within(1e-15));
    }

    @Test
    void modulesMakeAServerOptimizer() {
        var momentum = new OptimizerModule("momentum", new Args(Map.of("beta", 0.9)));
        assertThat(twoRounds(new FedOpt(List.of(momentum), 1, Weighting.SAMPLES)))
                .containsExactly(twoRounds(new FedAvgM(0.9, 1, Weighting.SAMPLES)));
        // changes of 1 and 0.5, cut to 0.25 before momentum
        var clip = new OptimizerModule("clip_norm", new Args(Map.of("max_norm", 0.25)));
        assertThat(twoRounds(new FedOpt(List.of(clip, momentum), 2, Weighting.SAMPLES)))
                .containsExactly(1 + 2 * 0.25, 1 + 2 * 0.25 + 2 * (0.9 * 0.25 + 0.25));
        // Adam's first step is the rate, whatever the change: m' / sqrt(v') = 1
        var adam = new OptimizerModule("adam", Args.NONE);
        assertThat(twoRounds(new FedOpt(List.of(adam), 0.1, Weighting.SAMPLES))[0])
                .isCloseTo(1.1, within(1e-6));
        assertThatThrownBy(() -> new FedOpt(List.of(momentum, clip), 1, Weighting.SAMPLES))
                .hasMessageContaining("'clip_norm' has to be the first module");
        assertThatThrownBy(() -> Aggregators.named("fedopt", new Args(Map.of("modules", "adam"))))
                .hasMessageContaining("must be a list");
    }

    @Test
    void yogiForgetsLargeSquaresSlowly() {
        assertThat(AdaptiveFedOpt.Second.FEDYOGI.next(4, 1, 0.99)).isEqualTo(4 - 0.01);
        assertThat(AdaptiveFedOpt.Second.FEDYOGI.next(1, 4, 0.99)).isEqualTo(1 + 0.04);
        assertThat(AdaptiveFedOpt.Second.FEDADAM.next(4, 1, 0.99)).isEqualTo(0.99 * 4 + 0.01);
    }

    /** A step of a server optimizer along a running variance could make it negative. */
    @Test
    void runningMeansAreAveragedAndIntegersAreTheFirstOnes() {
        var rounds = new Rounds(folder, new FedAvgM(0.9, 1, Weighting.SAMPLES), 2, 1).untrained("bn.running_var");
        Safetensors.write(rounds.global(0), withBuffers(1, 1, 0));
        for (int i = 0; i < 2; i++) {
            rounds.fold(List.of(
                    rounds.update("a", 10, 1, withBuffers(3, 4, 5)), rounds.update("b", 30, 1, withBuffers(3, 8, 9))));
        }
        try (var mapped = Safetensors.open(rounds.global(2))) {
            var model = mapped.parameters();
            assertThat(model.get("coef").toDoubles()).containsExactly(3 + 0.9 * 2 + 0);
            assertThat(model.get("bn.running_var").toDoubles()).containsExactly(7);
            assertThat(model.get("bn.steps").data().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)[0])
                    .isEqualTo((byte) 5);
        }
    }

    private static Parameters withBuffers(double weight, double variance, int steps) {
        return Parameters.builder()
                .put("coef", Tensor.ofDoubles(new double[] {weight}, 1))
                .put("bn.running_var", Tensor.ofDoubles(new double[] {variance}, 1))
                .put("bn.steps", Tensor.of(DType.I8, new long[] {1}, MemorySegment.ofArray(new byte[] {(byte) steps})))
                .build();
    }
}
