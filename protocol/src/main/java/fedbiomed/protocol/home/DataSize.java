package fedbiomed.protocol.home;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import fedbiomed.vocabulary.Text;
import java.util.Map;
import java.util.regex.Pattern;

/** A number of bytes as people write it: {@code 512}, {@code 64 KiB}, {@code 5 MiB}, {@code 2 GiB}, {@code 1 TiB}. */
public record DataSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,15}) ?(B|KiB|MiB|GiB|TiB)?");
    private static final Map<String, Long> UNITS =
            Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30, "TiB", 1L << 40);

    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is not negative: " + bytes);
        }
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static DataSize parse(String text) {
        var match = FORM.matcher(text.strip());
        if (!match.matches()) {
            throw new IllegalArgumentException(
                    "a size is a whole number with B, KiB, MiB, GiB or TiB (5 MiB), not '" + Text.shown(text) + "'");
        }
        var unit = match.group(2) == null ? 1L : UNITS.getOrDefault(match.group(2), 1L);
        try {
            return new DataSize(Math.multiplyExact(Long.parseLong(match.group(1)), unit));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a size of " + Text.shown(text) + " is larger than 8 EiB", e);
        }
    }

    public static DataSize ofMebibytes(long count) {
        return new DataSize(count << 20);
    }

    public static DataSize ofGibibytes(long count) {
        return new DataSize(count << 30);
    }

    /** In the largest unit that divides it. */
    @JsonValue
    @Override
    public String toString() {
        for (var unit : new String[] {"TiB", "GiB", "MiB", "KiB"}) {
            long size = UNITS.getOrDefault(unit, 1L);
            if (bytes >= size && bytes % size == 0) {
                return bytes / size + " " + unit;
            }
        }
        return bytes + " B";
    }
}
