package fedbiomed.researcher.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.GradientCorrection;
import fedbiomed.vocabulary.OptimizerModule;
import fedbiomed.vocabulary.TrainingArgs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the server does in SCAFFOLD, FedDyn, FedNova and FedProx, by hand. */
class DriftCorrectionTest {
    @TempDir
    private Path folder;

    private static final TrainingArgs ARGS = TrainingArgs.builder().build();

    @Test
    void scaffoldAddsTheChangesOfThoseWhoAnsweredToTheControlVariate() {
        var rounds = new Rounds(folder, new Scaffold(2, 0.5, Weighting.UNIFORM), 4, 10);
        assertThat(rounds.fold(List.of(
                        rounds.update("a", 10, 1, Rounds.with(Rounds.model(12), Scaffold.CHANGE, 1)),
                        rounds.update("b", 90, 9, Rounds.with(Rounds.model(16), Scaffold.CHANGE, 5)))))
                .containsExactly(10 + 0.5 * 4);
        assertThat(rounds.remembered(Scaffold.CONTROL)).containsExactly(2.0 / 4 * 3);
        rounds.fold(List.of(rounds.update("a", 10, 1, Rounds.with(Rounds.model(12), Scaffold.CHANGE, -2))));
        assertThat(rounds.remembered(Scaffold.CONTROL)).containsExactly(1.5 - 0.25 * 2);
    }

    @Test
    void scaffoldRefusesAnUpdateWithoutTheChange() {
        var rounds = new Rounds(folder, new Scaffold(), 1, 10);
        assertThatThrownBy(() -> rounds.fold(new double[] {1})).hasMessageContaining("auxiliary/control_change/coef");
    }

    @Test
    void nodesAreToldWhatToCorrect() {
        assertThat(new Scaffold(1, 1, Weighting.UNIFORM).forNodes(ARGS).correction())
                .isEqualTo(new GradientCorrection("scaffold", new Args(Map.of("option", 1))));
        assertThat(new FedDyn(0.1).forNodes(ARGS).correction())
                .isEqualTo(new GradientCorrection("feddyn", new Args(Map.of("alpha", 0.1))));
        assertThat(new FedProx(0.3).forNodes(ARGS).fedproxMu()).isEqualTo(0.3);
        assertThat(new FedAvg().forNodes(ARGS)).isEqualTo(ARGS);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FedProx(0.3)
                        .forNodes(ARGS.toBuilder().fedproxMu(0.2).build()))
                .withMessageContaining("fedprox_mu is 0.2 and aggregator.mu is 0.3");
    }

    @Test
    void fedDynMovesOppositeToWhatItRemembers() {
        var rounds = new Rounds(folder, new FedDyn(0.5), 4, 1);
        // h = -0.5 * 2/4 * 2, x = 3 + 0.5/0.5
        assertThat(rounds.fold(new double[] {2}, new double[] {4})).containsExactly(4);
        assertThat(rounds.remembered("h")).containsExactly(-0.5);
        // h = -0.5 - 0.5 * 1/4 * 4, x = 8 + 1/0.5
        assertThat(rounds.fold(new double[] {8})).containsExactly(10);
    }

    @Test
    void fedNovaDividesByTheSteps() {
        var rounds = new Rounds(folder, new FedNova(), 2, 0);
        // tau = 0.25 * 2 + 0.75 * 10 = 8
        assertThat(rounds.fold(List.of(rounds.update("a", 10, 2, 4), rounds.update("b", 30, 10, 5))))
                .containsExactly(new double[] {8 * (0.25 * 4 / 2 + 0.75 * 5 / 10)}, within(1e-14));
    }

    /** By simulation: the change of SGD with momentum, or FedProx's term, under a gradient of 1 and a rate of 1. */
    @Test
    void fedNovaKnowsHowFarMomentumAndTheProximalTermCarry() {
        double velocity = 0;
        double withMomentum = 0;
        double proximal = 0;
        for (int k = 0; k < 7; k++) {
            velocity = 0.9 * velocity + 1;
            withMomentum += velocity;
            proximal += 1 - 0.2 * proximal;
        }
        assertThat(new FedNova(0.9, 0, 1, Weighting.SAMPLES).reach(7)).isCloseTo(withMomentum, within(1e-12));
        assertThat(new FedNova(0, 0.2, 1, Weighting.SAMPLES).reach(7)).isCloseTo(proximal, within(1e-12));
        assertThat(new FedNova().reach(7)).isEqualTo(7);
    }

    @Test
    void badArgumentsAreNamed() {
        var bad = Map.<String, Map<String, Object>>of(
                "fedprox", Map.of("mu", -1),
                "scaffold", Map.of("option", 3),
                "feddyn", Map.of("alpha", 0),
                "fednova", Map.of("momentum", 1),
                "fedadam", Map.of("beta_2", 1.5),
                "fedavgm", Map.of("server_learning_rate", 0),
                "norm_clipping", Map.of(),
                "trimmed_mean", Map.of("trim", 0.5),
                "krum", Map.of("hostile", -1),
                "geometric_median", Map.of("smoothing", 0));
        bad.forEach((name, arguments) -> assertThatIllegalArgumentException()
                .isThrownBy(() -> Aggregators.named(name, new Args(arguments)))
                .withMessageStartingWith("aggregator.")
                .withMessageContaining("must be"));
    }

    @Test
    void eachIsFoundByItsNameAndItsArgumentsAgain() {
        for (var aggregator : List.of(
                new FedAvg(Weighting.UNIFORM),
                new FedProx(0.5),
                new Scaffold(1, 0.5, Weighting.SAMPLES),
                new FedNova(0.9, 0, 0.5, Weighting.UNIFORM),
                new FedDyn(0.3),
                new FedAvgM(0.5, 0.5, Weighting.UNIFORM),
                AdaptiveFedOpt.fedAdagrad(0.5),
                AdaptiveFedOpt.fedAdam(0.5),
                AdaptiveFedOpt.fedYogi(0.5),
                new FedOpt(
                        List.of(
                                new OptimizerModule("clip_norm", new Args(Map.of("max_norm", 2.5))),
                                new OptimizerModule("adam", Args.NONE)),
                        0.5,
                        Weighting.UNIFORM),
                new CoordinateMedian(),
                new TrimmedMean(0.1),
                new GeometricMedian(7, 0.1, Weighting.SAMPLES),
                Krum.krum(2),
                Krum.multiKrum(2),
                new Krum(2, 3),
                new NormClipping(4, Weighting.UNIFORM))) {
            assertThat(Aggregators.named(
                            aggregator.name(), aggregator.arguments().asRead()))
                    .isEqualTo(aggregator);
        }
    }
}
