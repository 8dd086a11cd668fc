package fedbiomed.data.signal.wfdb;

import fedbiomed.data.file.FileProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A signal specification line: {@code file format[xsamples][:skew][+offset] [gain[(baseline)][/unit] [resolution [zero
 * [initial [checksum [block [description]]]]]]]}.
 */
record SignalLine(FileProblem problem, long line, int number) {
    /** What the specification has a reader assume where the gain is missing or 0. */
    private static final double DEFAULT_GAIN = 200;
    /** The unit of values whose gain is not known. */
    static final String UNCALIBRATED = "uncalibrated";

    private static final int MAX_SAMPLES_PER_FRAME = 1 << 20;
    private static final int MAX_SKEW = 1 << 20;
    private static final Pattern FORMAT = Pattern.compile(
            "(?<format>\\d{1,10})(?:x(?<samples>\\d{1,10}))?(?::(?<skew>\\d{1,10}))?(?:\\+(?<offset>\\d{1,18}))?");
    private static final Pattern GAIN = Pattern.compile(
            "(?<gain>[+-]?\\d+(?:\\.\\d*)?(?:[eE][+-]?\\d{1,3})?)(?:\\((?<baseline>[+-]?\\d{1,10})\\))?(?:/(?<unit>\\S+))?");
    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d{1,10}");
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

    WfdbSignal parse(String text) {
        var fields = text.split("\\s+", 9);
        if (fields.length < 2 || !FILE_NAME.matcher(fields[0]).matches()) {
            throw wrong("it does not begin with the plain name of a signal file in the header's folder and a format");
        }
        var format = FORMAT.matcher(fields[1]);
        if (!format.matches()) {
            throw wrong("the format is not as header(5) has it");
        }
        var gain = gain(fields.length > 2 ? fields[2] : "");
        int zero = fields.length > 4 ? whole(fields[4], "the ADC zero") : 0;
        return new WfdbSignal(
                fields[0],
                sampleFormat(format.group("format")),
                (int) bounded(format.group("samples"), 1, 1, MAX_SAMPLES_PER_FRAME, "the number of samples a frame"),
                (int) bounded(format.group("skew"), 0, 0, MAX_SKEW, "the skew"),
                bounded(format.group("offset"), 0, 0, 1L << 48, "the byte offset"),
                gain.steps(),
                gain.baseline() == null ? zero : gain.baseline(),
                gain.unit(),
                fields.length > 8 ? fields[8].strip() : "signal " + number);
    }

    private SampleFormat sampleFormat(String number) {
        return switch (number) {
            case "16" -> SampleFormat.F16;
            case "212" -> SampleFormat.F212;
            default ->
                throw wrong(
                        "format " + number + " is not read; formats 16 and 212 are: convert the record (WFDB: xform)");
        };
    }

    private record Gain(double steps, @Nullable Integer baseline, String unit) {}

    private Gain gain(String field) {
        if (field.isEmpty()) {
            return new Gain(DEFAULT_GAIN, null, UNCALIBRATED);
        }
        var gain = GAIN.matcher(field);
        double steps = gain.matches() ? Double.parseDouble(gain.group("gain")) : Double.NaN;
        if (!Double.isFinite(steps) || steps != 0 && Math.abs(steps) < 1e-30) {
            throw wrong("the gain is not a number, with (baseline) and /unit at most; correct the header");
        }
        var baseline = gain.group("baseline");
        var unit = gain.group("unit");
        return new Gain(
                steps == 0 ? DEFAULT_GAIN : steps,
                baseline == null ? null : whole(baseline, "the baseline"),
                steps == 0 ? UNCALIBRATED : unit == null ? "mV" : unit);
    }

    private int whole(String field, String what) {
        long number = WHOLE.matcher(field).matches() ? Long.parseLong(field) : Long.MAX_VALUE;
        if (number != (int) number) {
            throw wrong(what + " is not a whole number of 32 bits");
        }
        return (int) number;
    }

    private long bounded(@Nullable String field, long absent, long least, long most, String what) {
        long number = field == null ? absent : Long.parseLong(field);
        if (number < least || number > most) {
            throw wrong(what + " is " + number + "; " + least + " to " + most + " are read");
        }
        return number;
    }

    private FedbiomedException wrong(String what) {
        return problem.atLine(line, "signal " + number + ": " + what);
    }
}
