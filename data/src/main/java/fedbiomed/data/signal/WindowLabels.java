package fedbiomed.data.signal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which annotation labels a window {@code [start, start + length)}: only annotations of the declared texts count, and
 * those that touch the window: a lasting one that overlaps it, a point that lies in it, its start included. Among these
 * decides the {@link Rule}.
 */
public final class WindowLabels {
    /** Who wins where several annotations touch a window. */
    public enum Rule {
        /**
         * The text whose annotations cover most of the window together (stages of sleep, rhythms); where none lasts, the
         * text with the most points; on a tie the text that is declared first.
         */
        LONGEST,
        /** The text that is declared first (an ectopic beat among normal ones). */
        DECLARED_FIRST
    }

    private final List<String> texts;
    private final Rule rule;
    /** Beats by the hundred thousand, which a rhythm that lasts for a day must not make each window look through. */
    private final List<Annotation> points;

    private final List<Annotation> lasting;
    private final double longest;

    /**
     * @param annotations in order of onset
     * @param texts the texts that are labels, in the order of precedence
     */
    public WindowLabels(List<Annotation> annotations, List<String> texts, Rule rule) {
        this.texts = List.copyOf(texts);
        this.rule = rule;
        Set<String> wanted = new HashSet<>(texts);
        var byDuration = annotations.stream()
                .filter(annotation -> wanted.contains(annotation.text()))
                .collect(Collectors.partitioningBy(annotation -> annotation.durationSeconds() == 0));
        this.points = byDuration.getOrDefault(true, List.of());
        this.lasting = byDuration.getOrDefault(false, List.of());
        this.longest =
                lasting.stream().mapToDouble(Annotation::durationSeconds).max().orElse(0);
    }

    /** The label's text; {@code null} where no annotation touches the window. */
    public @Nullable String of(double startSeconds, double lengthSeconds) {
        double end = startSeconds + lengthSeconds;
        Map<String, double[]> touched = new HashMap<>();
        for (int i = firstFrom(lasting, startSeconds - longest); i < lasting.size(); i++) {
            var annotation = lasting.get(i);
            if (annotation.onsetSeconds() >= end) {
                break;
            }
            double until = annotation.onsetSeconds() + annotation.durationSeconds();
            if (until > startSeconds) {
                sums(touched, annotation)[0] +=
                        Math.min(end, until) - Math.max(startSeconds, annotation.onsetSeconds());
            }
        }
        for (int i = firstFrom(points, startSeconds); i < points.size(); i++) {
            if (points.get(i).onsetSeconds() >= end) {
                break;
            }
            sums(touched, points.get(i))[1]++;
        }
        return winner(touched);
    }

    private static double[] sums(Map<String, double[]> touched, Annotation annotation) {
        return touched.computeIfAbsent(annotation.text(), _ -> new double[2]);
    }

    private @Nullable String winner(Map<String, double[]> touched) {
        String best = null;
        double[] most = {-1, -1};
        for (var text : texts) {
            var sums = touched.get(text);
            if (sums != null && (sums[0] > most[0] || sums[0] == most[0] && sums[1] > most[1])) {
                best = text;
                most = sums;
                if (rule == Rule.DECLARED_FIRST) {
                    break;
                }
            }
        }
        return best;
    }

    /** The first annotation whose onset is not before a time. */
    private static int firstFrom(List<Annotation> annotations, double seconds) {
        int low = 0;
        int high = annotations.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (annotations.get(middle).onsetSeconds() < seconds) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
