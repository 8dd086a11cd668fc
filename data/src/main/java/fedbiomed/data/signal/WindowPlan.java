package fedbiomed.data.signal;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.HashSet;
import java.util.List;

/**
 * How windows are cut.
 *
 * @param seconds the length of each; {@code seconds * rate} must be a whole number
 * @param strideSeconds from one window's start to the next one's; {@code strideSeconds * rate} must be a whole number
 * @param rate samples a second, for all channels
 * @param channels labels of the channels, in the order that the windows have them
 */
public record WindowPlan(double seconds, double strideSeconds, double rate, List<String> channels) {
    /** Of all channels of a window together, in samples: 64 MB of floats. */
    static final int MAX_SAMPLES = 1 << 24;

    private static final double TOLERANCE = 1e-6;

    /** @throws FedbiomedException DATA_UNFIT if a length is not positive or no whole number of samples, or a label twice */
    public WindowPlan {
        channels = List.copyOf(channels);
        if (channels.isEmpty() || new HashSet<>(channels).size() != channels.size()) {
            throw unfit("windows need one channel or more, each once");
        }
        if (!(rate > 0 && rate <= 1e7)) {
            throw unfit("windows need a rate of more than 0 and at most 1e7 samples a second, not " + rate);
        }
        requireWhole(seconds, rate, "length");
        requireWhole(strideSeconds, rate, "step");
        if (seconds * rate * channels.size() > MAX_SAMPLES) {
            throw unfit("a window of " + seconds + " s, " + channels.size() + " channels and " + rate
                    + " samples a second has more than " + MAX_SAMPLES
                    + " samples; take shorter windows or a lower rate");
        }
    }

    private static void requireWhole(double seconds, double rate, String what) {
        double samples = seconds * rate;
        if (!(samples >= 1 - TOLERANCE && samples < 1e12) || Math.abs(samples - Math.rint(samples)) > TOLERANCE) {
            throw unfit("a window's " + what + " of " + seconds + " s is " + samples + " samples at " + rate
                    + " a second; it must be a whole number of them, and at least 1");
        }
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }

    /** Samples of a channel in a window. */
    public int samples() {
        return (int) Math.rint(seconds * rate);
    }

    /** Samples from one window's start to the next one's. */
    public long strideSamples() {
        return (long) Math.rint(strideSeconds * rate);
    }
}
