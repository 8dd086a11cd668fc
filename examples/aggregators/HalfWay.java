import fedbiomed.researcher.aggregator.AggregationRound;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.aggregator.Update;
import fedbiomed.vocabulary.Args;
import java.util.Map;

/** An aggregator of one's own: the model goes only a share of the way to the mean of its updates. */
public record HalfWay(double share) implements Aggregator {
    @Override
    public String name() {
        return "half_way";
    }

    @Override
    public Args arguments() {
        return new Args(Map.of("share", share));
    }

    @Override
    public Args aggregate(AggregationRound round) {
        double[] samples = round.updates().stream().mapToDouble(Update::samples).toArray();
        round.fold(view -> {
            double[] x = view.global();
            double[] next = view.next();
            view.mean(samples, next);
            for (int i = 0; i < view.size(); i++) {
                next[i] = x[i] + share * (next[i] - x[i]);
            }
        });
        return Args.NONE;
    }
}
