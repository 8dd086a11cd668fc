package fedbiomed.data.signal;

import java.util.Arrays;

/**
 * Changes a signal's rate by a rational factor with a polyphase FIR filter: a sinc cut at the lower of the two Nyquist
 * frequencies, under a Kaiser window (beta 5), ten zero crossings to each side, of zero phase. It is the filter of
 * {@code scipy.signal.resample_poly}, so that figures can be compared. Linear interpolation was not taken: it lets what
 * lies above the new Nyquist frequency (mains hum, muscle) alias into the signal where a rate falls, as it mostly does.
 */
final class Resampler {
    private static final int ZERO_CROSSINGS = 10;
    private static final double KAISER_BETA = 5;

    private final Ratio ratio;
    private final double[] taps;
    private final int half;

    Resampler(Ratio ratio) {
        this.ratio = ratio;
        int larger = Math.max(ratio.up(), ratio.down());
        this.half = ZERO_CROSSINGS * larger;
        this.taps = ratio.isOne() ? new double[0] : taps(half, larger, ratio.up());
    }

    private static double[] taps(int half, int larger, int up) {
        var taps = new double[2 * half + 1];
        double sum = 0;
        for (int i = 0; i < taps.length; i++) {
            double t = i - half;
            double x = t / larger;
            double sinc = t == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
            double inWindow = t / half;
            taps[i] = sinc * bessel(KAISER_BETA * Math.sqrt(1 - inWindow * inWindow)) / bessel(KAISER_BETA);
            sum += taps[i];
        }
        for (int i = 0; i < taps.length; i++) {
            taps[i] *= up / sum;
        }
        return taps;
    }

    /** The modified Bessel function of the first kind of order 0, by its power series. */
    private static double bessel(double x) {
        double sum = 1;
        double term = 1;
        for (int k = 1; term > sum * 1e-17; k++) {
            term *= x * x / (4.0 * k * k);
            sum += term;
        }
        return sum;
    }

    /** How many samples come of so many. */
    long outputs(long inputs) {
        return Math.multiplyExact(inputs, (long) ratio.up()) / ratio.down();
    }

    /** The first source sample that the output needs; it may lie before the signal. */
    long firstInput(long output) {
        return ratio.isOne() ? output : Math.ceilDiv(output * ratio.down() - half, (long) ratio.up());
    }

    /** The last source sample that the output needs; it may lie after the signal. */
    long lastInput(long output) {
        return ratio.isOne() ? output : Math.floorDiv(output * ratio.down() + half, (long) ratio.up());
    }

    /**
     * @param firstOutput number of the first output, counted from where source and output both begin
     * @param source samples from {@link #firstInput} of the first output to {@link #lastInput} of the last
     */
    void resample(long firstOutput, float[] source, float[] into) {
        if (ratio.isOne()) {
            System.arraycopy(source, 0, into, 0, into.length);
            return;
        }
        long base = firstInput(firstOutput);
        for (int i = 0; i < into.length; i++) {
            long centre = (firstOutput + i) * ratio.down();
            long last = lastInput(firstOutput + i);
            double sum = 0;
            for (long j = firstInput(firstOutput + i); j <= last; j++) {
                sum += source[(int) (j - base)] * taps[(int) (centre - j * ratio.up()) + half];
            }
            into[i] = (float) sum;
        }
    }

    /** Repeats the first and the last of the samples that there are over those that lie outside. */
    static void extend(float[] samples, int from, int to) {
        Arrays.fill(samples, 0, from, samples[from]);
        Arrays.fill(samples, to, samples.length, samples[to - 1]);
    }
}
