package fedbiomed.data.signal.wfdb;

import fedbiomed.data.file.ByteLines;
import fedbiomed.data.file.FileProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A record's header (header(5)). Date, time of day and the comments, which hold age, sex and diagnoses, are not read.
 *
 * @param rate frames a second
 * @param frames how many there are; 0 where the header does not say
 */
record WfdbHeader(double rate, long frames, List<WfdbSignal> signals) {
    private static final int MAX_LINE_BYTES = 1 << 16;
    /** As many as EDF may have here. */
    static final int MAX_SIGNALS = 4_096;

    private static final int MAX_LINES = 100_000;
    /** The header's own default. */
    private static final double DEFAULT_RATE = 250;

    private static final double MAX_RATE = 1e7;
    private static final double MIN_RATE = 1e-6;
    private static final long MAX_FRAMES = 1L << 48;
    private static final String DECIMAL = "[+-]?\\d+(?:\\.\\d*)?(?:[eE][+-]?\\d{1,3})?";
    private static final Pattern RECORD =
            Pattern.compile("(?<name>[A-Za-z0-9_.-]+)(?<segments>/\\d+)?\\s+(?<signals>\\d{1,10})" + "(?:\\s+(?<rate>"
                    + DECIMAL + ")(?:/\\S*)?(?:\\s+(?<frames>\\d{1,18})(?:\\s.*)?)?)?");

    static WfdbHeader of(Path file) {
        try (var lines = ByteLines.open(file, MAX_LINE_BYTES)) {
            var problem = lines.problem();
            if (!nextLine(lines)) {
                throw problem.of("it is empty; a WFDB header has a line for the record and one for each signal");
            }
            var record = RECORD.matcher(lines.text().strip());
            if (!record.matches()) {
                throw problem.atLine(
                        lines.line(),
                        "it is not the record line of a WFDB header (name, number of signals, rate, number of samples)");
            }
            if (record.group("segments") != null) {
                throw problem.atLine(
                        lines.line(),
                        "the record has several segments, which are not read here; name the header of one segment, or"
                                + " join them (WFDB: xform)");
            }
            return new WfdbHeader(
                    rate(record, problem, lines.line()), frames(record), signals(lines, record.group("signals")));
        }
    }

    private static double rate(Matcher record, FileProblem problem, long line) {
        var written = record.group("rate");
        double rate = written == null ? DEFAULT_RATE : Double.parseDouble(written);
        if (!(rate >= MIN_RATE && rate <= MAX_RATE)) {
            throw problem.atLine(line, "the sampling rate is not between 1e-6 and 1e7; correct the header");
        }
        return rate;
    }

    private static long frames(Matcher record) {
        var frames = record.group("frames");
        return frames == null ? 0 : Math.min(MAX_FRAMES, Long.parseLong(frames));
    }

    private static List<WfdbSignal> signals(ByteLines lines, String count) {
        var problem = lines.problem();
        long signals = Long.parseLong(count);
        if (signals < 1 || signals > MAX_SIGNALS) {
            throw problem.atLine(
                    lines.line(), "it announces " + signals + " signals; 1 to " + MAX_SIGNALS + " are read");
        }
        var read = new ArrayList<WfdbSignal>();
        while (read.size() < signals) {
            if (!nextLine(lines)) {
                throw problem.of("it announces " + signals + " signals and has lines for " + read.size()
                        + "; copy the header again");
            }
            read.add(new SignalLine(problem, lines.line(), read.size() + 1)
                    .parse(lines.text().strip()));
        }
        return List.copyOf(read);
    }

    /** The next line that is neither empty nor a comment. */
    private static boolean nextLine(ByteLines lines) {
        while (lines.next()) {
            if (lines.line() > MAX_LINES) {
                throw lines.problem().atLine(lines.line(), "the header has too many lines; is it a WFDB header?");
            }
            int at = 0;
            while (at < lines.length() && lines.bytes()[at] <= ' ') {
                at++;
            }
            if (at < lines.length() && lines.bytes()[at] != '#') {
                return true;
            }
        }
        return false;
    }
}
