package fedbiomed.data.signal.edf;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A time-stamped annotations list (EDF+, section 2.2.2): {@code +onset[0x15 duration]0x14 text 0x14 text 0x14 0x00}.
 *
 * @param onsetSeconds after the file's start
 * @param durationSeconds 0 where there is none
 * @param texts what is remarked; the first is empty in the list that tells when a record begins
 */
record Tal(double onsetSeconds, double durationSeconds, List<String> texts) {
    private static final int TEXT_END = 0x14;
    private static final int DURATION = 0x15;
    private static final Pattern ONSET = Pattern.compile("[+-]\\d{1,12}(\\.\\d{0,15})?");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,12}(\\.\\d{0,15})?");

    /** The lists in a record's annotation signal, in its order; {@code null} if they are not well-formed. */
    static @Nullable List<Tal> parse(byte[] bytes) {
        var lists = new ArrayList<Tal>();
        int from = 0;
        while (from < bytes.length) {
            int end = indexOf(bytes, (byte) 0, from, bytes.length);
            if (end == from) {
                // padding fills the rest of the signal
                from++;
                continue;
            }
            var list = end < 0 ? null : one(bytes, from, end);
            if (list == null) {
                return null;
            }
            lists.add(list);
            from = end + 1;
        }
        return lists;
    }

    private static @Nullable Tal one(byte[] bytes, int from, int end) {
        int stampEnd = indexOf(bytes, (byte) TEXT_END, from, end);
        if (stampEnd < 0 || bytes[end - 1] != TEXT_END) {
            return null;
        }
        int durationAt = indexOf(bytes, (byte) DURATION, from, stampEnd);
        var onset = ascii(bytes, from, durationAt < 0 ? stampEnd : durationAt);
        var duration = durationAt < 0 ? "0" : ascii(bytes, durationAt + 1, stampEnd);
        if (!ONSET.matcher(onset).matches() || !SECONDS.matcher(duration).matches()) {
            return null;
        }
        var texts = new ArrayList<String>();
        for (int at = stampEnd + 1; at < end; ) {
            int textEnd = indexOf(bytes, (byte) TEXT_END, at, end);
            var text = utf8(bytes, at, textEnd);
            if (text == null) {
                return null;
            }
            texts.add(text);
            at = textEnd + 1;
        }
        return new Tal(Double.parseDouble(onset), Double.parseDouble(duration), texts);
    }

    private static int indexOf(byte[] bytes, byte wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static String ascii(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    }

    private static @Nullable String utf8(byte[] bytes, int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }
}
