package fedbiomed.researcher.aggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FedAvgTest {
    @TempDir
    private Path folder;

    private Update update(String node, long samples, double... values) {
        var file = folder.resolve(node + ".safetensors");
        Safetensors.write(
                file,
                Parameters.builder()
                        .put("coef", Tensor.ofDoubles(values, values.length))
                        .build());
        return new Update(new Participant(PartyId.of(node), "d"), file, samples, 1);
    }

    @Test
    void updatesCountByTheirRows() {
        var next = folder.resolve("next.safetensors");
        var updates = List.of(update("a", 10, 1, 0), update("b", 30, 5, 4));
        var state = new FedAvg()
                .aggregate(updates.getFirst().file(), updates, AggregatorState.NONE, Map.of("k", "v"), next);
        assertThat(state).isEqualTo(AggregatorState.NONE);
        try (var mapped = Safetensors.open(next)) {
            assertThat(mapped.parameters().get("coef").toDoubles()).containsExactly(4, 3);
            assertThat(mapped.parameters().metadata()).containsExactly(Map.entry("k", "v"));
        }
    }

    @Test
    void anUpdateThatIsNotFiniteNamesItsParticipant() {
        var updates = List.of(update("a", 10, 1), update("b", 10, Double.POSITIVE_INFINITY));
        assertThatThrownBy(() -> new FedAvg()
                        .aggregate(
                                updates.getFirst().file(),
                                updates,
                                AggregatorState.NONE,
                                Map.of(),
                                folder.resolve("next.safetensors")))
                .hasMessageContaining("b/d")
                .hasMessageContaining("coef");
        assertThat(folder.resolve("next.safetensors")).doesNotExist();
    }

    @Test
    void noRowAtAllIsNoMean() {
        var updates = List.of(update("a", 0, 1));
        assertThatThrownBy(() -> new FedAvg()
                        .aggregate(
                                updates.getFirst().file(),
                                updates,
                                AggregatorState.NONE,
                                Map.of(),
                                folder.resolve("next.safetensors")))
                .hasMessageContaining("no participant trained on any row");
    }

    @Test
    void anUnknownAggregatorIsAnsweredWithThoseThatThereAre() {
        assertThatThrownBy(() -> Aggregators.named("fedprox", Args.NONE))
                .hasMessageContaining("there is no aggregator 'fedprox'; there is: fedavg");
        assertThatThrownBy(() -> Aggregators.named("fedavg", new Args(Map.of("lr", 1))))
                .hasMessageContaining("has no argument 'lr'");
    }
}
