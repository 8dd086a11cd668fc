package fedbiomed.data.tabular;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers out of a stretch of whole lines of plain CSV: ASCII, no quotes, as many fields a line as the header. Anything
 * else is left to {@link CsvRows}, which tells what is wrong with it, and where.
 */
final class CsvBlock {
    /** Of the rows that the first line's length promises: lines differ a little. */
    private static final double ROOM = 1.05;

    private final char separator;
    private final int fields;
    /** By field: which of the wanted columns it is, or -1. */
    private final int[] wanted;

    private final double[][] values;
    private final boolean[] number;
    private final boolean[] whole;
    private final boolean[] missing;
    private final DecimalText decimal = new DecimalText();
    private int rows;

    CsvBlock(char separator, int[] wanted, int columns) {
        this.separator = separator;
        this.fields = wanted.length;
        this.wanted = wanted;
        this.values = new double[columns][];
        this.number = filled(columns);
        this.whole = filled(columns);
        this.missing = filled(columns);
    }

    private static boolean[] filled(int length) {
        var all = new boolean[length];
        Arrays.fill(all, true);
        return all;
    }

    /** @return whether these bytes were plain CSV. Once. */
    boolean read(byte[] text, int from, int to) {
        int at = from;
        int lineLength = 1;
        while (at + lineLength < to && text[at + lineLength] != '\n') {
            lineLength++;
        }
        int promised = (int) (ROOM * (to - from) / (lineLength + 1)) + 1;
        for (int column = 0; column < values.length; column++) {
            values[column] = new double[promised];
        }
        while (at < to) {
            if (text[at] == '\n') {
                at++;
            } else if (text[at] == '\r' && at + 1 < to && text[at + 1] == '\n') {
                at += 2;
            } else {
                at = line(text, at, to);
                if (at < 0) {
                    return false;
                }
            }
        }
        for (int column = 0; column < values.length; column++) {
            values[column] = number[column] ? Arrays.copyOf(values[column], rows) : new double[0];
        }
        return true;
    }

    /** @return where the next line begins; -1 if this one is not plain */
    private int line(byte[] text, int from, int to) {
        int field = 0;
        int begin = from;
        for (int at = from; ; at++) {
            int c = at < to ? text[at] : '\n';
            if (c >= '.' && c <= '9') {
                continue; // most of what there is
            }
            if (c == separator || c == '\n' || c == '\r') {
                if (field == fields) {
                    return -1;
                }
                if (wanted[field] >= 0) {
                    put(wanted[field], text, begin, at);
                }
                field++;
                begin = at + 1;
                if (c != separator) {
                    boolean crlf = c == '\r' && at + 1 < to && text[at + 1] == '\n';
                    if (field != fields || c == '\r' && !crlf) {
                        return -1;
                    }
                    rows++;
                    return at + (crlf ? 2 : 1);
                }
            } else if (c == '"' || c <= 0) {
                return -1;
            }
        }
    }

    private void put(int column, byte[] text, int from, int to) {
        if (!number[column]) {
            return;
        }
        int begin = from;
        int end = to;
        while (begin < end && text[begin] == ' ') {
            begin++;
        }
        while (begin < end && text[end - 1] == ' ') {
            end--;
        }
        if (rows == values[column].length) {
            values[column] = Arrays.copyOf(values[column], rows + rows / 2 + 1);
        }
        if (begin == end) {
            values[column][rows] = Double.NaN;
        } else if (decimal.read(text, begin, end) && !decimal.large()) {
            values[column][rows] = decimal.value();
            whole[column] &= decimal.whole();
            missing[column] = false;
        } else if (MissingValues.isMissing(new String(text, begin, end - begin, StandardCharsets.US_ASCII))) {
            values[column][rows] = Double.NaN;
        } else {
            number[column] = false;
        }
    }

    int rows() {
        return rows;
    }

    /** The values of a wanted column; {@code null} if they are not all numbers. */
    double @Nullable [] values(int column) {
        return number[column] ? values[column] : null;
    }

    boolean whole(int column) {
        return whole[column];
    }

    boolean missing(int column) {
        return missing[column];
    }
}
