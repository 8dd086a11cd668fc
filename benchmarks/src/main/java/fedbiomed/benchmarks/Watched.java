package fedbiomed.benchmarks;

import java.time.Duration;

/** A process of another's, looked at from outside: its CPU time, and the most memory of its own that was ever seen, ten times a second. */
final class Watched implements AutoCloseable {
    private static final long SAMPLED_MILLIS = 100;
    private static final double NANOS = 1e9;
    private static final String ANON = "RssAnon:";

    private final Process process;
    private final Thread sampler;
    private volatile double peak;

    Watched(Process process) {
        this.process = process;
        this.sampler = Thread.ofPlatform().daemon().start(this::sample);
    }

    /** {@code RssAnon} now, in MiB: without the pages of files that are mapped. */
    double mebibytes() {
        return AtRest.sum(process, ANON);
    }

    /** The most since it began to be watched, in MiB. */
    double peakMebibytes() {
        return Math.max(peak, mebibytes());
    }

    /** All that it has used since it was started, on whatever core. */
    double cpuSeconds() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / NANOS;
    }

    private void sample() {
        try {
            while (process.isAlive()) {
                double now = mebibytes();
                peak = Double.isNaN(now) ? peak : Math.max(peak, now);
                Thread.sleep(SAMPLED_MILLIS);
            }
        } catch (InterruptedException _) {
            // it is over
        }
    }

    @Override
    public void close() throws InterruptedException {
        sampler.interrupt();
        sampler.join();
    }
}
