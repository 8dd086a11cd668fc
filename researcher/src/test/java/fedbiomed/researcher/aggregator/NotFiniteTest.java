package fedbiomed.researcher.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.Args;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NotFiniteTest {
    private static final int NODES = 6;

    @TempDir
    private Path folder;

    /** Takes the first update and looks at no other. */
    private record First() implements Aggregator {
        @Override
        public String name() {
            return "first";
        }

        @Override
        public Args arguments() {
            return Args.NONE;
        }

        @Override
        public Args aggregate(AggregationRound round) {
            round.fold(view -> System.arraycopy(view.update(0), 0, view.next(), 0, view.size()));
            return Args.NONE;
        }
    }

    private static Parameters model(float first, float second) {
        return Parameters.builder()
                .put("first", Tensor.ofFloats(new float[] {1, 2, first}, 3))
                .put("second", Tensor.ofFloats(new float[] {second}, 1))
                .build();
    }

    /** Of six, n3 is bad in its second tensor, n4 and n5 in their first. */
    @Test
    void theFirstParticipantInOrderAndItsFirstTensorAreNamedByWhateverAggregator() {
        for (var aggregator : List.of(
                new FedAvg(),
                new FedProx(0.1),
                new FedNova(),
                new FedDyn(0.1),
                AdaptiveFedOpt.fedYogi(0.1),
                new CoordinateMedian(),
                new TrimmedMean(0.2),
                new GeometricMedian(),
                Krum.krum(1),
                Krum.multiKrum(1),
                new NormClipping(1, Weighting.SAMPLES),
                new First())) {
            var rounds = new Rounds(folder, aggregator, NODES, 0);
            Safetensors.write(rounds.global(0), model(0, 0));
            var updates = new ArrayList<Update>();
            for (int n = 0; n < NODES; n++) {
                updates.add(rounds.update(
                        "n" + n, 10, 1, model(n > 3 ? Float.NaN : n, n == 3 ? Float.NEGATIVE_INFINITY : n)));
            }
            assertThatThrownBy(() -> rounds.fold(updates))
                    .as(aggregator.name())
                    .hasMessageContaining("n3/d has NaN or infinite values in tensor 'second'");
            assertThat(rounds.global(1)).doesNotExist();
        }
    }

    @Test
    void whatCameWithAnUpdateHasToBeFiniteToo() {
        var rounds = new Rounds(folder, new Scaffold(), 2, 1, 1);
        var updates = List.of(
                rounds.update("a", 10, 1, Rounds.with(Rounds.model(1, 2), "control_change", 0, 0)),
                rounds.update("b", 10, 1, Rounds.with(Rounds.model(1, 2), "control_change", 0, Double.NaN)));
        assertThatThrownBy(() -> rounds.fold(updates))
                .hasMessageContaining("b/d has NaN or infinite values in tensor 'auxiliary/control_change/coef'");
        assertThat(rounds.global(1)).doesNotExist();
    }
}
