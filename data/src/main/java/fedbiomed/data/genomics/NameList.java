package fedbiomed.data.genomics;

import fedbiomed.data.file.ByteLines;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;

/** A text file of names, one a line, in the order that a federation agreed on. Empty lines and those with # are comments. */
final class NameList {
    private static final int MAX_LINE_BYTES = 1 << 16;
    /** The common variants of a genome. */
    private static final int MAX_NAMES = 5_000_000;

    private NameList() {}

    /**
     * @param separators what no name holds
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT naming the line and the remedy, if a name is there twice
     *     or there is none
     */
    static List<String> read(Path file, Pattern separators) {
        var lineOf = new LinkedHashMap<String, Long>();
        try (var lines = ByteLines.open(file, MAX_LINE_BYTES)) {
            while (lines.next()) {
                var name = lines.text().strip();
                if (name.isEmpty() || name.startsWith("#")) {
                    continue;
                }
                if (separators.matcher(name).find()) {
                    // a table named by mistake would be told row by row, as names that are not found
                    throw lines.problem()
                            .atLine(
                                    lines.line(),
                                    "it has a separator of columns (" + separators + "); write one name a line alone");
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
}
