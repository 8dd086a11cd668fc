package fedbiomed.researcher.experiment;

import fedbiomed.researcher.aggregator.AggregationRound;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.vocabulary.Args;
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
    public Args aggregate(AggregationRound round) {
        int rounds = round.state().integer("rounds", 0) + 1;
        var weights =
                round.updates().stream().mapToDouble(update -> update.samples()).toArray();
        round.fold(view -> {
            var next = view.next();
            view.mean(weights, next);
            for (int i = 0; i < view.size(); i++) {
                next[i] = view.global()[i] + factor / rounds * (next[i] - view.global()[i]);
            }
        });
        return new Args(Map.of("rounds", rounds));
    }
}
