package fedbiomed.data.source;

import fedbiomed.vocabulary.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;

/** Tells whether two lists of names are the same, in the same order, where the lists are too long to be shown. */
public final class NameChecksum {
    private static final int DIGITS = 16;

    private NameChecksum() {}

    /** SHA-256 over the names, one a line; its first 16 digits: enough for a person to compare. */
    public static String of(Stream<String> names) {
        var digest = Sha256.digest();
        names.forEach(name -> digest.update((name + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    }
}
