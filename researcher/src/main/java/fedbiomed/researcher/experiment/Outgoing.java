package fedbiomed.researcher.experiment;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.Safetensors;
import fedbiomed.researcher.aggregator.Aggregator;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the participants of a round are sent. */
final class Outgoing {
    private Outgoing() {}

    /**
     * The model that the round begins with; where the aggregator sends vectors along, a file of both, made once: the same
     * bytes whenever it is made.
     */
    static Path model(Aggregator aggregator, RoundFolder before, RoundFolder round) {
        if (aggregator.sentVectors().isEmpty()) {
            return before.global();
        }
        if (!Files.exists(round.outgoing())) {
            try (var state = before.state();
                    var mapped = Safetensors.open(before.global())) {
                var together = mapped.parameters();
                for (var vector : aggregator.sentVectors()) {
                    together = Auxiliary.with(
                            together, vector, Auxiliary.vector(state.state().vectors(), vector));
                }
                Safetensors.write(round.outgoing(), together);
            }
        }
        return round.outgoing();
    }
}
