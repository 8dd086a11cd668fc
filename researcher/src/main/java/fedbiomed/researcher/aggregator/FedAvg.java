package fedbiomed.researcher.aggregator;

import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.VectorMath;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Federated averaging: the mean of the updates, weighted by their training rows (McMahan et al. 2017,
 * "Communication-Efficient Learning of Deep Networks from Decentralized Data").
 */
public final class FedAvg implements Aggregator {
    public static final String NAME = "fedavg";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        return Args.NONE;
    }

    /** @throws FedbiomedException {@code DATA_UNFIT} naming the participant whose update is not finite or does not fit */
    @Override
    public AggregatorState aggregate(
            Path global, List<Update> updates, AggregatorState before, Map<String, String> metadata, Path next) {
        if (updates.stream().mapToLong(Update::samples).sum() == 0) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "no participant trained on any row, so there is nothing to average; see the datasets' sizes");
        }
        for (var update : updates) {
            try (var mapped = Safetensors.open(update.file())) {
                VectorMath.requireFinite(
                        mapped.parameters(), update.participant().toString());
            }
        }
        VectorMath.weightedMean(
                updates.stream().map(Update::file).toList(),
                updates.stream().mapToDouble(Update::samples).toArray(),
                metadata,
                next);
        return AggregatorState.NONE;
    }
}
