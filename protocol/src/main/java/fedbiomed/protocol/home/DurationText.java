package fedbiomed.protocol.home;

import fedbiomed.vocabulary.Text;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A length of time as people write it: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 12h}, {@code 7d}. */
public final class DurationText {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}) ?(ms|s|m|h|d)");
    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "m", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);

    private DurationText() {}

    /** @throws IllegalArgumentException for anything but a whole number with a unit */
    public static Duration parse(String text) {
        var match = FORM.matcher(text.strip());
        if (!match.matches()) {
            throw new IllegalArgumentException(
                    "a duration is a whole number with ms, s, m, h or d (7d), not '" + Text.shown(text) + "'");
        }
        return Duration.of(Long.parseLong(match.group(1)), UNITS.getOrDefault(match.group(2), ChronoUnit.SECONDS));
    }

    /** In the largest unit that divides it, so that {@link #parse} gives it back (to the millisecond). */
    public static String of(Duration duration) {
        for (var unit : List.of("d", "h", "m", "s")) {
            long size =
                    UNITS.getOrDefault(unit, ChronoUnit.SECONDS).getDuration().toMillis();
            if (duration.toMillis() >= size && duration.toMillis() % size == 0) {
                return duration.toMillis() / size + unit;
            }
        }
        return duration.toMillis() + "ms";
    }
}
