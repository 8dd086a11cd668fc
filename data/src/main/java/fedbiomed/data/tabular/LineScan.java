package fedbiomed.data.tabular;

/**
 * Counts lines and follows quotes (RFC 4180) through a file's text, to report by line what a parser would pass over or
 * report by content: a NUL, an endless line, a quote left open, text after a closing quote.
 */
final class LineScan {
    /**
     * Longest line, in characters: 100,000 columns of 160 characters. A longer one is a file of another format, or one
     * that would fill the memory.
     */
    static final int MAX_LINE_CHARS = 16 << 20;

    private enum Place {
        FIELD_START,
        UNQUOTED,
        QUOTED,
        /** After a quote in a quoted field: the field's end, or the first of two. */
        QUOTE_IN_QUOTED
    }

    private final CsvProblem problem;
    private final char separator;
    private Place place = Place.FIELD_START;
    private long line = 1;
    private long quoteLine;
    private int lineChars;
    private boolean afterReturn;
    private long records;
    private boolean inRecord;

    LineScan(CsvProblem problem, char separator) {
        this.problem = problem;
        this.separator = separator;
    }

    /**
     * Checks a stretch of text and makes each of its line ends one {@code \n}, within quotes too: FastCSV 4.2.0 takes a
     * line end for half of a {@code \r\n} if the value before it ends with a {@code \r} within its quotes, and so joins
     * two rows, or loses the last.
     *
     * @return the stretch's new end, before or at {@code to}
     */
    int over(char[] chars, int from, int to) {
        int end = from;
        for (int i = from; i < to; i++) {
            char c = chars[i];
            if (!(c == '\n' && afterReturn)) {
                chars[end++] = c == '\r' ? '\n' : c;
                accept(chars[end - 1]);
            }
            afterReturn = c == '\r';
        }
        return end;
    }

    private void accept(char c) {
        if (c == '\n') {
            line++;
            lineChars = 0;
        } else if (c == 0) {
            throw problem.atLine(
                    line, "it holds a NUL character; it may be UTF-16 or not a text file: save it as CSV in UTF-8");
        } else if (++lineChars > MAX_LINE_CHARS) {
            throw problem.atLine(
                    line, "the line has more than " + MAX_LINE_CHARS + " characters; is the file one row a line?");
        }
        place = next(c);
        if (c != '\n' || place == Place.QUOTED) {
            inRecord = true;
        } else {
            endRecord();
        }
    }

    private void endRecord() {
        records += inRecord ? 1 : 0;
        inRecord = false;
    }

    private Place next(char c) {
        boolean ends = c == separator || c == '\n';
        return switch (place) {
            case FIELD_START -> c == '"' ? opened() : ends ? Place.FIELD_START : Place.UNQUOTED;
            case UNQUOTED -> ends ? Place.FIELD_START : Place.UNQUOTED;
            case QUOTED -> c == '"' ? Place.QUOTE_IN_QUOTED : Place.QUOTED;
            case QUOTE_IN_QUOTED -> {
                if (c != '"' && !ends) {
                    throw problem.atLine(
                            line, "text follows a closing quote; write a quote within a quoted value twice (\"\")");
                }
                yield c == '"' ? Place.QUOTED : Place.FIELD_START;
            }
        };
    }

    private Place opened() {
        quoteLine = line;
        return Place.QUOTED;
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException if a quote is open */
    void end() {
        if (place == Place.QUOTED) {
            throw problem.atLine(quoteLine, "a quote (\") opens here and is never closed; close or remove it");
        }
        endRecord();
    }

    /** How many records there were, empty lines apart, after {@link #end}. */
    long records() {
        return records;
    }

    long line() {
        return line;
    }
}
