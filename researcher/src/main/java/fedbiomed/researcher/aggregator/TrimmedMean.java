package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.Map;

/**
 * The mean of the updates without the largest and the smallest ones, element by element (Yin et al., "Byzantine-Robust
 * Distributed Learning: Towards Optimal Statistical Rates", ICML 2018). Samples do not count.
 *
 * @param trim the share that is left out at either end, at least that of hostile participants, 0 to below 0.5; 0.2
 *     unless said; rounded up to whole updates
 */
public record TrimmedMean(double trim) implements Aggregator {
    public static final String NAME = "trimmed_mean";
    static final String TRIM = "trim";
    private static final double DEFAULT_TRIM = 0.2;
    private static final double HALF = 0.5;

    public TrimmedMean {
        Argument.require(trim >= 0 && trim < HALF, TRIM, "at least 0 and below 0.5", trim);
    }

    public TrimmedMean() {
        this(DEFAULT_TRIM);
    }

    static TrimmedMean of(Args arguments) {
        return new TrimmedMean(arguments.real(TRIM, DEFAULT_TRIM));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        return new Args(Map.of(TRIM, trim));
    }

    @Override
    public Args aggregate(AggregationRound round) {
        int updates = round.updates().size();
        int each = (int) Math.ceil(trim * updates);
        if (2 * each >= updates) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "of " + updates + " updates, trim " + trim + " leaves out " + each
                            + " at either end, which leaves none; ask more participants, or lower aggregator.trim");
        }
        round.fold(view -> view.trimmedMean(each, view.next()));
        return Args.NONE;
    }
}
