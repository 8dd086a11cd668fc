package fedbiomed.researcher.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.parameters.Safetensors;
import fedbiomed.vocabulary.Args;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FedAvgTest {
    @TempDir
    private Path folder;

    @Test
    void updatesCountByTheirRows() {
        var rounds = new Rounds(folder, new FedAvg(), 2, 7, 7);
        assertThat(rounds.fold(List.of(rounds.update("a", 10, 9, 1, 0), rounds.update("b", 30, 1, 5, 4))))
                .containsExactly(4, 3);
        try (var mapped = Safetensors.open(rounds.global(1))) {
            assertThat(mapped.parameters().metadata()).containsExactly(Map.entry("k", "v"));
        }
    }

    @Test
    void orByTheirStepsOrAllAlike() {
        var bySteps = new Rounds(folder, new FedAvg(Weighting.UPDATES), 2, 7);
        assertThat(bySteps.fold(List.of(bySteps.update("a", 10, 3, 1), bySteps.update("b", 30, 1, 5))))
                .containsExactly(2);
        var alike = new Rounds(folder, new FedAvg(Weighting.UNIFORM), 2, 7);
        assertThat(alike.fold(List.of(alike.update("a", 10, 3, 1), alike.update("b", 30, 1, 5))))
                .containsExactly(3);
    }

    @Test
    void anUpdateThatIsNotFiniteNamesItsParticipant() {
        var rounds = new Rounds(folder, new FedAvg(), 2, 1);
        assertThatThrownBy(() -> rounds.fold(
                        List.of(rounds.update("a", 10, 1, 1), rounds.update("b", 10, 1, Double.POSITIVE_INFINITY))))
                .hasMessageContaining("b/d")
                .hasMessageContaining("coef");
        assertThat(rounds.global(1)).doesNotExist();
    }

    @Test
    void noRowAtAllIsNoMean() {
        var rounds = new Rounds(folder, new FedAvg(), 1, 1);
        assertThatThrownBy(() -> rounds.fold(List.of(rounds.update("a", 0, 1, 1))))
                .hasMessageContaining("no participant trained on any row");
    }

    @Test
    void anUnknownAggregatorIsAnsweredWithThoseThatThereAre() {
        assertThatThrownBy(() -> Aggregators.named("fedbest", Args.NONE))
                .hasMessageContaining("there is no aggregator 'fedbest'; there is: fedadagrad, fedadam, fedavg,");
        assertThatThrownBy(() -> Aggregators.named("fedavg", new Args(Map.of("lr", 1))))
                .hasMessageContaining("has no argument 'lr'; it has weighting");
        assertThatThrownBy(() -> Aggregators.named("fedavg", new Args(Map.of("weighting", "rows"))))
                .hasMessageContaining("must be samples, updates or uniform, not 'rows'");
    }
}
