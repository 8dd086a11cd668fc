package fedbiomed.protocol.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import fedbiomed.vocabulary.Text;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names a party's keys, short enough to be read out by phone: 160 bits as eight groups of four letters and digits
 * (base32, RFC 4648: no 0, 1, 8 or 9 that could be misheard), e.g. {@code K3DF-7QXA-...}.
 */
public record Fingerprint(@JsonValue String value) {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int CHARS = 32;
    private static final int GROUP = 4;
    private static final Pattern FORM = Pattern.compile("([A-Z2-7]{4}-){7}[A-Z2-7]{4}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Fingerprint {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a fingerprint is eight groups of four letters and digits like"
                    + " K3DF-7QXA-..., not '" + Text.shown(value) + "'");
        }
    }

    /** Accepts what a person types: any case, with or without hyphens and spaces. */
    public static Fingerprint parse(String typed) {
        var chars =
                typed.length() > 100 ? typed : typed.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
        return chars.length() == CHARS ? new Fingerprint(grouped(chars)) : new Fingerprint(typed);
    }

    static Fingerprint ofDigest(byte[] digest) {
        var chars = new StringBuilder(CHARS);
        for (int i = 0; i < CHARS; i++) {
            int bit = i * 5;
            int pair = (digest[bit / 8] & 0xff) << 8 | digest[bit / 8 + 1] & 0xff;
            chars.append(ALPHABET.charAt(pair >> 11 - bit % 8 & 31));
        }
        return new Fingerprint(grouped(chars.toString()));
    }

    private static String grouped(String chars) {
        var grouped = new StringBuilder(CHARS + CHARS / GROUP);
        for (int i = 0; i < chars.length(); i += GROUP) {
            grouped.append(i == 0 ? "" : "-").append(chars, i, Math.min(i + GROUP, chars.length()));
        }
        return grouped.toString();
    }

    @Override
    public String toString() {
        return value;
    }
}
