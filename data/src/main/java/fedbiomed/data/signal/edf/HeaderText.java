package fedbiomed.data.signal.edf;

import fedbiomed.data.file.FileProblem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The header's fields: text of fixed width, padded with blanks (by some programs with NULs). */
record HeaderText(FileProblem problem, byte[] bytes) {
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?");
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,10}");

    int octet(int at) {
        return bytes[at] & 0xFF;
    }

    /** The specification allows ASCII only, but µ is common: UTF-8 where it is, else Latin-1. */
    String text(int at, int length) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, at, length))
                    .toString();
        } catch (CharacterCodingException _) {
            text = new String(bytes, at, length, StandardCharsets.ISO_8859_1);
        }
        return text.replace('\0', ' ').strip();
    }

    double number(int at, int length, String what) {
        var text = text(at, length);
        double number = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
        if (!Double.isFinite(number)) {
            throw problem.at("byte " + at, what + " is not a number; the header is damaged: export the file again");
        }
        return number;
    }

    long whole(int at, int length, String what, long least, long most) {
        var text = text(at, length);
        long number = WHOLE.matcher(text).matches() ? Long.parseLong(text) : Long.MIN_VALUE;
        if (number < least || number > most) {
            throw problem.at(
                    "byte " + at,
                    what + " is not a whole number from " + least + " to " + most
                            + "; the header is damaged: export the file again");
        }
        return number;
    }
}
