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

    LineScan(CsvProblem problem, char separator) {
        this.problem = problem;
        this.separator = separator;
    }

    void over(char[] chars, int from, int to) {
        for (int i = from; i < to; i++) {
            accept(chars[i]);
        }
    }

    private void accept(char c) {
        if (c == '\n' || c == '\r') {
            if (!(c == '\n' && afterReturn)) {
                line++;
                lineChars = 0;
            }
        } else if (c == 0) {
            throw problem.atLine(
                    line, "it holds a NUL character; it may be UTF-16 or not a text file: save it as CSV in UTF-8");
        } else if (++lineChars > MAX_LINE_CHARS) {
            throw problem.atLine(
                    line, "the line has more than " + MAX_LINE_CHARS + " characters; is the file one row a line?");
        }
        afterReturn = c == '\r';
        place = next(c);
    }

    private Place next(char c) {
        boolean ends = c == separator || c == '\n' || c == '\r';
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
    }

    long line() {
        return line;
    }
}
