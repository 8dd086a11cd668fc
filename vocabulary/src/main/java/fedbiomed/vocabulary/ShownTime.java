package fedbiomed.vocabulary;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** An instant as people at this machine read it; {@code --json} keeps ISO 8601 in UTC. */
public final class ShownTime {
    private static final DateTimeFormatter FORM = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm z", Locale.ROOT);

    private ShownTime() {}

    /** To the minute, with the time zone: {@code 2026-11-24 23:54 CET}. */
    public static String of(Instant instant) {
        return of(instant, ZoneId.systemDefault());
    }

    /** As {@link #of(Instant)}, in that time zone. */
    public static String of(Instant instant, ZoneId zone) {
        return FORM.format(instant.atZone(zone));
    }
}
