package fedbiomed.researcher.experiment;

import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.aggregator.AggregatorState;
import fedbiomed.researcher.aggregator.FedAvg;
import fedbiomed.researcher.aggregator.Update;
import fedbiomed.vocabulary.Args;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A user's own aggregator: a step of {@code factor} towards the mean, which shrinks with the rounds that it counts. */
record Damped(double factor) implements Aggregator {
    @Override
    public String name() {
        return "damped";
    }

    @Override
    public Args arguments() {
        return new Args(Map.of("factor", factor));
    }

    @Override
    public AggregatorState aggregate(
            Path global, List<Update> updates, AggregatorState before, Map<String, String> metadata, Path next) {
        int rounds = before.values().integer("rounds", 0) + 1;
        var mean = next.resolveSibling("mean.safetensors");
        new FedAvg().aggregate(global, updates, AggregatorState.NONE, metadata, mean);
        var damped = Parameters.builder();
        try (var from = Safetensors.open(global);
                var to = Safetensors.open(mean)) {
            from.parameters().tensors().forEach((name, tensor) -> {
                var values = tensor.toDoubles();
                var aim = to.parameters().get(name).toDoubles();
                for (int i = 0; i < values.length; i++) {
                    values[i] += factor / rounds * (aim[i] - values[i]);
                }
                damped.put(name, Tensor.ofDoubles(values, tensor.shape()));
            });
        }
        Safetensors.write(next, damped.build().withMetadata(metadata));
        return new AggregatorState(
                new Args(Map.of("rounds", rounds)), Parameters.builder().build());
    }
}
