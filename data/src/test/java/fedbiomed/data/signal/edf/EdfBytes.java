package fedbiomed.data.signal.edf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** Writes small EDF and BDF files of one signal and, in EDF+, an annotation signal. The patient's name is Meier. */
final class EdfBytes {
    static final int PATIENT = 8;
    static final int HEADER_BYTES = 184;
    static final int VARIANT = 192;
    static final int RECORDS = 236;
    static final int DURATION = 244;
    static final int SIGNALS = 252;
    private static final int TAL_SAMPLES = 20;

    private EdfBytes() {}

    private record Signal(String label, int samples, int digitalMin, int digitalMax) {}

    /** Records of one second with 4 samples each: 0, 1, 2, ... through the file. */
    static byte[] plain(int records, int width) {
        return file(width, "", records, List.of());
    }

    /** As {@link #plain}, and to each record its annotation lists. */
    static byte[] plus(String variant, List<String> lists) {
        return file(2, variant, lists.size(), lists);
    }

    private static byte[] file(int width, String variant, int records, List<String> lists) {
        var out = new ByteArrayOutputStream();
        int limit = width == 2 ? 32768 : 8388608;
        var signals = lists.isEmpty()
                ? List.of(new Signal("EEG", 4, -limit, limit - 1))
                : List.of(
                        new Signal("EEG", 4, -limit, limit - 1),
                        new Signal("EDF Annotations", TAL_SAMPLES, -limit, limit - 1));
        if (width == 2) {
            put(out, "0", 8);
        } else {
            out.write(0xFF);
            put(out, "BIOSEMI", 7);
        }
        put(out, "MCH-1 F 01-MAY-1951 Meier", 80);
        put(out, "Startdate 01-MAY-2001", 80);
        put(out, "01.05.01", 8);
        put(out, "10.00.00", 8);
        put(out, String.valueOf(256 * (signals.size() + 1)), 8);
        put(out, variant, 44);
        put(out, String.valueOf(records), 8);
        put(out, "1", 8);
        put(out, String.valueOf(signals.size()), 4);
        fields(out, signals, Signal::label, 16);
        fields(out, signals, _ -> "electrode", 80);
        fields(out, signals, _ -> "uV", 8);
        fields(out, signals, signal -> String.valueOf(signal.digitalMin()), 8);
        fields(out, signals, signal -> String.valueOf(signal.digitalMax()), 8);
        fields(out, signals, signal -> String.valueOf(signal.digitalMin()), 8);
        fields(out, signals, signal -> String.valueOf(signal.digitalMax()), 8);
        fields(out, signals, _ -> "", 80);
        fields(out, signals, signal -> String.valueOf(signal.samples()), 8);
        fields(out, signals, _ -> "", 32);
        for (int record = 0; record < records; record++) {
            for (int i = 0; i < 4; i++) {
                int value = 4 * record + i;
                for (int octet = 0; octet < width; octet++) {
                    out.write(value >> 8 * octet);
                }
            }
            if (!lists.isEmpty()) {
                var list = lists.get(record).getBytes(StandardCharsets.UTF_8);
                out.writeBytes(Arrays.copyOf(list, 2 * TAL_SAMPLES));
            }
        }
        return out.toByteArray();
    }

    private static void fields(
            ByteArrayOutputStream out, List<Signal> signals, Function<Signal, String> field, int width) {
        signals.forEach(signal -> put(out, field.apply(signal), width));
    }

    private static void put(ByteArrayOutputStream out, String text, int width) {
        out.writeBytes(String.format("%-" + width + "s", text).getBytes(StandardCharsets.ISO_8859_1));
    }

    /** A field of the header overwritten. */
    static byte[] with(byte[] bytes, int at, int width, String text) {
        var changed = bytes.clone();
        var field = new ByteArrayOutputStream();
        put(field, text, width);
        System.arraycopy(field.toByteArray(), 0, changed, at, width);
        return changed;
    }
}
