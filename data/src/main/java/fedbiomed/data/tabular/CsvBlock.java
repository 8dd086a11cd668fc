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

    private static final int MAX_CANONICAL_DIGITS = 15;

    private final char separator;
    private final int fields;
    /** By field: which of the wanted columns it is, or -1. */
    private final int[] wanted;

    private final double[][] values;
    private final boolean[] number;
    private final boolean[] whole;
    /** Whole, and as {@link Long#toString} writes it. */
    private final boolean[] canonical;

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
        this.canonical = filled(columns);
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
        int begin = from;
        for (int field = 0; field < fields; field++) {
            int end = number(text, begin, to, wanted[field]);
            if (end < 0) {
                end = end(text, begin, to);
                if (end < 0) {
                    return -1;
                }
                if (wanted[field] >= 0) {
                    put(wanted[field], text, begin, end);
                }
            }
            boolean last = field == fields - 1;
            if (last == (end < to && text[end] == separator)) {
                return -1;
            }
            begin = end + 1;
        }
        rows++;
        int end = begin - 1;
        if (end >= to || text[end] == '\n') {
            return begin;
        }
        return end + 1 < to && text[end + 1] == '\n' ? end + 2 : -1;
    }

    /** A field that is a number and nothing else, read in one go; -1 if it is not. */
    private int number(byte[] text, int from, int to, int column) {
        if (column < 0 || !number[column]) {
            return -1;
        }
        int end = decimal.prefix(text, from, to);
        if (end < 0 || decimal.large() || !Double.isFinite(decimal.value()) || end < to && !isEnd(text[end])) {
            return -1;
        }
        store(column, text, from, end);
        return end;
    }

    /** Where a field ends; -1 if it is not plain. */
    private int end(byte[] text, int from, int to) {
        for (int at = from; at < to; at++) {
            int c = text[at];
            if (isEnd(c)) {
                return at;
            }
            if (c == '"' || c <= 0) {
                return -1;
            }
        }
        return to;
    }

    private boolean isEnd(int c) {
        return c == separator || c == '\n' || c == '\r';
    }

    private void store(int column, byte[] text, int from, int to) {
        requireRoom(column);
        values[column][rows] = decimal.value();
        whole[column] &= decimal.whole();
        canonical[column] = canonical[column] && decimal.whole() && isCanonical(text, from, to);
        missing[column] = false;
    }

    /** Of a whole number: neither plus nor leading zero, and few enough digits for binary64 to hold them all. */
    private static boolean isCanonical(byte[] text, int from, int to) {
        int digits = text[from] == '-' ? from + 1 : from;
        return text[digits] != '+'
                && (text[digits] != '0' || digits == from && to - digits == 1)
                && to - digits <= MAX_CANONICAL_DIGITS;
    }

    private void requireRoom(int column) {
        if (rows == values[column].length) {
            values[column] = Arrays.copyOf(values[column], rows + rows / 2 + 1);
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
        requireRoom(column);
        if (begin == end) {
            values[column][rows] = Double.NaN;
        } else if (decimal.read(text, begin, end) && !decimal.large()) {
            store(column, text, begin, end);
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

    boolean canonical(int column) {
        return canonical[column];
    }
}
