package fedbiomed.vocabulary;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Milliseconds by phase of a round. A node tells {@code download}, {@code start} (of the worker's process), {@code
 * compile}, {@code load}, {@code train}, {@code test}, {@code write} and {@code upload}; of a check {@code batches}.
 */
public record Timings(SortedMap<String, Long> millis) {
    public static final Timings NONE = new Timings(new TreeMap<>());

    /** 0 where nobody told. */
    public long of(String phase) {
        return millis.getOrDefault(phase, 0L);
    }

    public long totalMillis() {
        return millis.keySet().stream().mapToLong(this::of).sum();
    }

    public Timings with(String phase, long phaseMillis) {
        var more = new TreeMap<>(millis);
        more.merge(phase, phaseMillis, Long::sum);
        return new Timings(more);
    }

    public Timings plus(Timings other) {
        var more = new TreeMap<>(millis);
        other.millis.forEach((phase, ms) -> more.merge(phase, ms, Long::sum));
        return new Timings(more);
    }
}
