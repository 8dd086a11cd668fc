package fedbiomed.node.policy;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Hours in which the node does no work, such as {@code mon-fri 07:00-19:00}. Those whose end is not after their begin
 * end on the next day ({@code 22:00-06:00}; {@code 00:00-00:00} is the whole day); the weekdays are those on which they
 * begin.
 */
public record QuietHours(Set<DayOfWeek> days, LocalTime from, LocalTime to, String text) {
    private static final Pattern FORM =
            Pattern.compile("(?:(\\S+)\\s+)?([0-2][0-9]:[0-5][0-9])\\s*-\\s*([0-2][0-9]:[0-5][0-9])");
    private static final List<String> NAMES = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");

    /** @throws IllegalArgumentException for another form */
    public static QuietHours parse(String text) {
        var match = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!match.matches()) {
            throw new IllegalArgumentException("quiet hours are written like 07:00-19:00 or mon-fri 07:00-19:00");
        }
        return new QuietHours(days(match.group(1)), time(match.group(2)), time(match.group(3)), text.strip());
    }

    private static LocalTime time(String text) {
        if (text.compareTo("24:00") == 0) {
            return LocalTime.MIDNIGHT;
        }
        int hour = Integer.parseInt(text.substring(0, 2));
        if (hour > 23) {
            throw new IllegalArgumentException("there is no time " + text + "; a day has 00:00 to 23:59");
        }
        return LocalTime.of(hour, Integer.parseInt(text.substring(3)));
    }

    private static Set<DayOfWeek> days(@org.jspecify.annotations.Nullable String text) {
        if (text == null) {
            return EnumSet.allOf(DayOfWeek.class);
        }
        var days = EnumSet.noneOf(DayOfWeek.class);
        for (var part : text.split(",", -1)) {
            var ends = part.split("-", -1);
            int first = NAMES.indexOf(ends[0]);
            int last = NAMES.indexOf(ends[ends.length - 1]);
            if (ends.length > 2 || first < 0 || last < 0) {
                throw new IllegalArgumentException(
                        "weekdays are written mon, tue, wed, thu, fri, sat, sun, as in mon-fri or sat,sun");
            }
            // fri-mon goes over the week's end
            for (int day = first; ; day = (day + 1) % NAMES.size()) {
                days.add(DayOfWeek.of(day + 1));
                if (day == last) {
                    break;
                }
            }
        }
        return days;
    }

    /** When the quiet that {@code now} lies in ends; empty if it lies in none. */
    public Optional<ZonedDateTime> until(ZonedDateTime now) {
        boolean overnight = !to.isAfter(from);
        for (var begun : List.of(now.toLocalDate(), now.toLocalDate().minusDays(1))) {
            if (days.contains(begun.getDayOfWeek())) {
                var begin = begun.atTime(from).atZone(now.getZone());
                var end = begun.plusDays(overnight ? 1 : 0).atTime(to).atZone(now.getZone());
                if (!now.isBefore(begin) && now.isBefore(end)) {
                    return Optional.of(end);
                }
            }
        }
        return Optional.empty();
    }

    /** When all quiet that {@code now} lies in ends: one may begin before another has ended. */
    static Optional<ZonedDateTime> end(List<QuietHours> all, ZonedDateTime now) {
        Optional<ZonedDateTime> end = Optional.empty();
        var at = now;
        // a week of quiet without a gap has no end to name
        while (at.isBefore(now.plusDays(8))) {
            var here = at;
            var next =
                    all.stream().flatMap(hours -> hours.until(here).stream()).max(java.util.Comparator.naturalOrder());
            if (next.isEmpty()) {
                return end;
            }
            at = next.get();
            end = next;
        }
        return end;
    }

    @Override
    public String toString() {
        return text;
    }
}
