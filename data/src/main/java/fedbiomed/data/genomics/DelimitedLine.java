package fedbiomed.data.genomics;

import fedbiomed.data.file.ByteLines;
import java.util.ArrayList;
import java.util.List;

/** Splits lines of a table of numbers at one separator; names may be quoted as spreadsheets and R do, on one line. */
record DelimitedLine(ByteLines lines, char separator) {
    /** As many columns as a table has elsewhere, and the genes of any genome. */
    static final int MAX_COLUMNS = 1_000_000;

    /** The separator that the line has most of: tab, comma or semicolon. */
    static char separatorOf(String header) {
        char best = '\t';
        for (char candidate : new char[] {',', ';'}) {
            if (count(header, candidate) > count(header, best)) {
                best = candidate;
            }
        }
        return best;
    }

    private static long count(String text, char c) {
        return text.chars().filter(each -> each == c).count();
    }

    /** The current line's fields, trimmed. */
    List<String> fields() {
        var text = lines.text();
        var fields = new ArrayList<String>();
        int at = 0;
        while (at <= text.length()) {
            if (fields.size() == MAX_COLUMNS) {
                throw wrong("it has more than " + MAX_COLUMNS + " columns; is the file of another format?");
            }
            int from = at;
            while (from < text.length() && text.charAt(from) == ' ') {
                from++;
            }
            boolean quoted = from < text.length() && text.charAt(from) == '"';
            int end = quoted ? closing(text, from) + 1 : end(text, from);
            if (end < text.length() && text.charAt(end) != separator) {
                throw wrong("text follows a closing quote; write a quote within a quoted value twice (\"\")");
            }
            fields.add((quoted ? text.substring(from + 1, end - 1).replace("\"\"", "\"") : text.substring(from, end))
                    .strip());
            at = end + 1;
        }
        return fields;
    }

    private int end(String text, int from) {
        int end = text.indexOf(separator, from);
        return end < 0 ? text.length() : end;
    }

    private int closing(String text, int quote) {
        for (int i = quote + 1; i < text.length(); i++) {
            if (text.charAt(i) == '"') {
                if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    i++;
                } else {
                    return i;
                }
            }
        }
        throw wrong("a quote (\") opens and is not closed on the line; close or remove it");
    }

    private RuntimeException wrong(String what) {
        return lines.problem().atLine(lines.line(), what);
    }
}
