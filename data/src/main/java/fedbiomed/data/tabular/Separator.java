package fedbiomed.data.tabular;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Path;

/** Which character separates a file's fields: whichever of comma, semicolon and tab its header line has most of. */
final class Separator {
    /** In the order in which they win a tie. */
    private static final String CANDIDATES = ",;\t";

    private Separator() {}

    /** A file of one column has none, and is read as separated by commas. */
    static char of(Path file) {
        var counts = new int[CANDIDATES.length()];
        // on bytes: in UTF-8, and in what is refused later, these characters are the same single bytes
        try (var in = new BufferedInputStream(CsvText.bytes(file))) {
            boolean quoted = false;
            boolean begun = false;
            int read = 0;
            for (int c = in.read(); c >= 0 && read++ < LineScan.MAX_LINE_CHARS; c = in.read()) {
                boolean lineEnd = (c == '\n' || c == '\r') && !quoted;
                if (lineEnd && begun) {
                    break;
                }
                begun |= !lineEnd;
                quoted ^= c == '"';
                int candidate = CANDIDATES.indexOf(c);
                if (!quoted && candidate >= 0) {
                    counts[candidate]++;
                }
            }
        } catch (IOException e) {
            throw new CsvProblem(file).unreadable(e);
        }
        return most(counts);
    }

    private static char most(int[] counts) {
        int best = 0;
        for (int i = 1; i < counts.length; i++) {
            if (counts[i] > counts[best]) {
                best = i;
            }
        }
        return CANDIDATES.charAt(best);
    }
}
