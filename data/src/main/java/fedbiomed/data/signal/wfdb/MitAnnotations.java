package fedbiomed.data.signal.wfdb;

import fedbiomed.data.file.ByteFile;
import fedbiomed.data.signal.Annotation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Annotations in MIT format (annot(5)): words of 16 bits, little-endian, a code in the upper 6 bits, and in the lower 10
 * the time since the annotation before. An annotation's text is its code's mnemonic ({@code N}, {@code V}); of remarks
 * and changes of rhythm and of ST and T the text that goes with them ({@code (AFIB}). A rhythm lasts until the next
 * change or the record's end; all others are points.
 */
final class MitAnnotations {
    private static final int SKIP = 59;
    private static final int NUMBER = 60;
    private static final int SUBTYPE = 61;
    private static final int CHANNEL = 62;
    private static final int AUXILIARY = 63;
    private static final int RHYTHM = 28;
    private static final int NOTE = 22;
    /** The codes whose text says more than their mnemonic: changes of ST, of T, notes, changes of rhythm. */
    private static final List<Integer> SPEAKING = List.of(18, 19, NOTE, RHYTHM);
    /** The mnemonics of codes 1 to 41 (ecgcodes.h); a blank where there is none: then the text is {@code #} and the code. */
    private static final String MNEMONICS = "NLRaVFJASEj/Q~ | sT*D\"=pB^t+u?![]en@xf()r";
    /** Beats of ten days at 120 a minute are 2 million. */
    private static final int MAX_ANNOTATIONS = 10_000_000;

    private static final int MAX_BYTES = 1 << 30;
    private static final Pattern TIME_RESOLUTION =
            Pattern.compile("## time resolution: (\\d{1,9}(?:\\.\\d{1,9})?)\\s*");

    private final ByteFile file;
    private final byte[] bytes;
    private double rate;
    private int at;
    private long time;

    private MitAnnotations(ByteFile file, byte[] bytes, double rate) {
        this.file = file;
        this.bytes = bytes;
        this.rate = rate;
    }

    /** @param rate frames a second, for times in frames */
    static List<Annotation> read(Path path, double rate, double recordSeconds) {
        try (var file = ByteFile.open(path)) {
            if (file.sizeBytes() > MAX_BYTES) {
                throw file.problem().of("it has more than " + MAX_BYTES + " bytes; is it an annotation file?");
            }
            var bytes = new byte[(int) file.sizeBytes()];
            file.read(0, bytes, 0, bytes.length);
            return new MitAnnotations(file, bytes, rate).all(recordSeconds);
        }
    }

    private List<Annotation> all(double recordSeconds) {
        var read = new ArrayList<Annotation>();
        var rhythms = new ArrayList<Integer>();
        for (int word = word(); word != 0; word = word()) {
            int code = word >>> 10;
            if (code == SKIP) {
                // the long's upper half comes first
                int high = word();
                advance((high << 16) | word());
            } else if (code == NUMBER || code == SUBTYPE || code == CHANNEL) {
                // of the annotation before; none of them is kept
                continue;
            } else if (code == AUXILIARY) {
                text(word & 0x3FF);
            } else {
                advance(word & 0x3FF);
                var text = auxiliary();
                if (code == 0 || isDefinition(code, text)) {
                    // code 0 only moves on
                    continue;
                }
                if (time < 0) {
                    throw wrong("an annotation lies before the record's beginning");
                }
                if (code == RHYTHM) {
                    rhythms.add(read.size());
                }
                read.add(new Annotation(time / rate, 0, said(code, text)));
                if (read.size() > MAX_ANNOTATIONS) {
                    throw wrong("there are more than " + MAX_ANNOTATIONS + " annotations");
                }
            }
        }
        return lasting(read, rhythms, recordSeconds);
    }

    /** Reads on over what goes with an annotation; its text, if there is one. */
    private @Nullable String auxiliary() {
        String text = null;
        while (at + 1 < bytes.length) {
            int code = (bytes[at + 1] & 0xFF) >>> 2;
            if (code < NUMBER) {
                break;
            }
            int word = word();
            if (code == AUXILIARY) {
                text = text(word & 0x3FF);
            }
        }
        return text;
    }

    private String text(int length) {
        int padded = length + length % 2;
        if (padded > bytes.length - at) {
            throw wrong("the text of an annotation is longer than the file");
        }
        var text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += padded;
        int end = text.indexOf('\0');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }

    /** The file's own notes: {@code ## time resolution: 360} gives the unit of time, others define codes. */
    private boolean isDefinition(int code, @Nullable String text) {
        if (code != NOTE || time != 0 || text == null || !text.startsWith("##")) {
            return false;
        }
        var resolution = TIME_RESOLUTION.matcher(text);
        if (resolution.matches()) {
            rate = Double.parseDouble(resolution.group(1));
            if (rate == 0) {
                throw wrong("the time resolution is 0");
            }
        }
        return true;
    }

    private static String said(int code, @Nullable String text) {
        if (text != null && !text.isEmpty() && SPEAKING.contains(code)) {
            return text;
        }
        var mnemonic = code <= MNEMONICS.length() ? MNEMONICS.substring(code - 1, code) : " ";
        return mnemonic.equals(" ") ? "#" + code : mnemonic;
    }

    private static List<Annotation> lasting(List<Annotation> read, List<Integer> rhythms, double recordSeconds) {
        for (int i = 0; i < rhythms.size(); i++) {
            var rhythm = read.get(rhythms.get(i));
            double end = i + 1 < rhythms.size() ? read.get(rhythms.get(i + 1)).onsetSeconds() : recordSeconds;
            read.set(
                    rhythms.get(i),
                    new Annotation(rhythm.onsetSeconds(), Math.max(0, end - rhythm.onsetSeconds()), rhythm.text()));
        }
        read.sort(Comparator.comparingDouble(Annotation::onsetSeconds));
        return List.copyOf(read);
    }

    private void advance(int frames) {
        time += frames;
        if (Math.abs(time) > 1L << 48) {
            throw wrong("an annotation lies thousands of years off");
        }
    }

    private int word() {
        if (at + 2 > bytes.length) {
            throw wrong("the file ends without its closing word");
        }
        int word = (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
        at += 2;
        return word;
    }

    private RuntimeException wrong(String what) {
        return file.problem()
                .at("byte " + at, what + "; the annotation file is damaged, or not in MIT format: copy it again");
    }
}
