package fedbiomed.vocabulary;

import java.util.SortedMap;
import java.util.TreeMap;

/** Milliseconds by phase of a round, e.g. {@code download}, {@code load}, {@code train}, {@code test}, {@code upload}. */
public record Timings(SortedMap<String, Long> millis) {
    public static final Timings NONE = new Timings(new TreeMap<>());

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
