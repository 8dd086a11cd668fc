package fedbiomed.data.genomics;

import fedbiomed.data.file.ByteLines;
import fedbiomed.vocabulary.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;

/** A text file of names, one a line, in the order that a federation agreed on. Empty lines and those with # are comments. */
final class NameList {
    private static final int CHECKSUM_DIGITS = 16;
    private static final int MAX_LINE_BYTES = 1 << 16;
    /** A whole genome's common variants. */
    private static final int MAX_NAMES = 20_000_000;

    private NameList() {}

    /**
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT naming the line and the remedy, if a name is there twice
     *     or there is none
     */
    static List<String> read(Path file) {
        var lineOf = new LinkedHashMap<String, Long>();
        try (var lines = ByteLines.open(file, MAX_LINE_BYTES)) {
            while (lines.next()) {
                var name = lines.text().strip();
                if (name.isEmpty() || name.startsWith("#")) {
                    continue;
                }
                var before = lineOf.putIfAbsent(name, lines.line());
                if (before != null || lineOf.size() > MAX_NAMES) {
                    throw lines.problem()
                            .atLine(
                                    lines.line(),
                                    before == null
                                            ? "there are more than " + MAX_NAMES + " names; keep those of interest"
                                            : "it repeats line " + before + "; name each once");
                }
            }
            if (lineOf.isEmpty()) {
                throw lines.problem().of("it names nothing; write one name a line");
            }
        }
        return List.copyOf(lineOf.keySet());
    }

    /** SHA-256 over names, one a line, in their order; its first 16 digits: enough for a person to compare. */
    static String checksum(Stream<String> names) {
        var digest = Sha256.digest();
        names.forEach(name -> digest.update((name + "\n").getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest()).substring(0, CHECKSUM_DIGITS);
    }
}
