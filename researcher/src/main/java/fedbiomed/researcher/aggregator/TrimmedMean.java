package fedbiomed.researcher.aggregator;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.Arrays;
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
        fold(round, each);
        return Args.NONE;
    }

    /** The mean without the {@code each} smallest and largest. */
    static void fold(AggregationRound round, int each) {
        int updates = round.updates().size();
        round.fold(view -> {
            var next = view.next();
            var all = new double[updates][];
            for (int u = 0; u < updates; u++) {
                all[u] = view.update(u);
            }
            var sorted = new double[updates];
            for (int i = 0; i < view.size(); i++) {
                for (int u = 0; u < updates; u++) {
                    sorted[u] = all[u][i];
                }
                Arrays.sort(sorted);
                double sum = 0;
                for (int u = each; u < updates - each; u++) {
                    sum += sorted[u];
                }
                next[i] = sum / (updates - 2 * each);
            }
        });
    }
}
