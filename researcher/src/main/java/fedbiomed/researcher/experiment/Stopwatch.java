package fedbiomed.researcher.experiment;

import fedbiomed.vocabulary.Timings;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Measures one attempt of a round. For one thread. */
final class Stopwatch {
    private final String begun;
    private final long startNanos = System.nanoTime();
    private Timings phases = Timings.NONE;

    Stopwatch(Clock clock) {
        begun = clock.instant().toString();
    }

    /** Adds to what the phase has taken before. */
    <T> T timed(String phase, Supplier<T> work) {
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            phases = phases.with(phase, millisSince(start));
        }
    }

    RoundTimings timings() {
        return new RoundTimings(begun, millisSince(startNanos), phases);
    }

    static long millisSince(long startNanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }
}
