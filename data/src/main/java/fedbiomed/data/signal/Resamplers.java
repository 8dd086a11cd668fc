package fedbiomed.data.signal;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.HashMap;
import java.util.Map;

/** One filter for each ratio of rates, shared by all recordings: making it takes longer than reading a window. */
public final class Resamplers {
    /** Machines of a hospital have some few rates; a filter may have 16 MB. */
    private static final int MAX_RATIOS = 64;

    private final Map<Ratio, Resampler> made = new HashMap<>();

    /** @throws FedbiomedException DATA_UNFIT if there are too many ratios */
    synchronized Resampler get(Ratio ratio) {
        if (made.size() == MAX_RATIOS && !made.containsKey(ratio)) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "the recordings have more than " + MAX_RATIOS
                            + " different rates; make them fewer, or divide the recordings into several datasets");
        }
        return made.computeIfAbsent(ratio, Resampler::new);
    }
}
