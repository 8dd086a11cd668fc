package fedbiomed.vocabulary;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The name of a party (a node or a researcher) within one federation, e.g. {@code hospital-a}. It is part of topics,
 * of certificates and of file names, so its alphabet is narrow: 1 to 63 of {@code a-z}, {@code 0-9} and {@code -}.
 */
public record PartyId(@JsonValue String value) implements Comparable<PartyId> {
    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9-]{1,63}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public PartyId {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException("a party's name is 1 to 63 of a-z, 0-9 and '-', not '"
                    + Text.shown(value) + "'; for example hospital-a");
        }
    }

    public static PartyId of(String value) {
        return new PartyId(value);
    }

    @Override
    public int compareTo(PartyId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
