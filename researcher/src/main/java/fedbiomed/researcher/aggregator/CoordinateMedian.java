package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;

/**
 * The median of the updates, element by element; of an even number the mean of the middle two (Yin et al.,
 * "Byzantine-Robust Distributed Learning: Towards Optimal Statistical Rates", ICML 2018). Holds while fewer than half of
 * the participants are hostile; samples do not count.
 */
public record CoordinateMedian() implements Aggregator {
    public static final String NAME = "median";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        return Args.NONE;
    }

    @Override
    public Args aggregate(AggregationRound round) {
        int each = (round.updates().size() - 1) / 2;
        round.fold(view -> view.trimmedMean(each, view.next()));
        return Args.NONE;
    }
}
