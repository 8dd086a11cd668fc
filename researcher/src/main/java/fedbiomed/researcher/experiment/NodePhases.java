package fedbiomed.researcher.experiment;

import fedbiomed.vocabulary.Timings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** A node's phases in the order in which it goes through them, as far as they can be believed. */
final class NodePhases {
    /** {@code compile} belongs to the start; a test of the incoming model comes before training, which one cannot see. */
    private static final List<String> ORDER =
            List.of("download", "start", "compile", "load", "train", "test", "write", "upload");

    private NodePhases() {}

    /** @param answeredMillis how long the answer took: what goes beyond it cannot be */
    static SequencedMap<String, Long> of(Timings timings, long answeredMillis) {
        var phases = new LinkedHashMap<String, Long>();
        long left = answeredMillis;
        for (var phase : ORDER) {
            long millis = Math.clamp(timings.of(phase), 0, left);
            if (millis > 0) {
                phases.put(phase, millis);
                left -= millis;
            }
        }
        return phases;
    }

    static long totalMillis(Timings timings, long answeredMillis) {
        return of(timings, answeredMillis).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }
}
