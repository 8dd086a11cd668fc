package fedbiomed.data.signal.edf;

import fedbiomed.data.file.ByteFile;
import fedbiomed.data.file.FileProblem;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * A file's header, each number checked against the others and the file's size. Patient, recording, date and time of day
 * are not read.
 *
 * @param sampleBytes 2 in EDF, 3 in BDF
 * @param discontinuous EDF+D or BDF+D: between records there may be gaps
 * @param records how many data records the file holds
 * @param recordSeconds how long each lasts; 0 only where there are annotations alone
 * @param recordBytes how long each is
 */
record EdfHeader(
        int sampleBytes,
        boolean plus,
        boolean discontinuous,
        int headerBytes,
        long records,
        double recordSeconds,
        int recordBytes,
        List<EdfSignal> signals) {
    private static final int FIXED_BYTES = 256;
    private static final int SIGNAL_BYTES = 256;
    /** High-density EEG has 256 signals, and some of the largest arrays 1,024. */
    static final int MAX_SIGNALS = 4_096;
    /** The specification recommends 61,440 bytes; a long record of many fast signals is larger. */
    static final int MAX_RECORD_BYTES = 64 << 20;
    /** Ten megahertz and a sample in eleven days: beyond these, a number in the header is wrong. */
    static final double MAX_RATE = 1e7;

    private static final double MIN_RATE = 1e-6;

    static EdfHeader of(ByteFile file) {
        var problem = file.problem();
        if (file.sizeBytes() < FIXED_BYTES) {
            throw problem.of("it has " + file.sizeBytes() + " bytes, and an EDF header alone has 256; copy it again");
        }
        var fixed = new HeaderText(problem, bytes(file, 0, FIXED_BYTES));
        boolean bdf = isBdf(fixed, problem);
        var variant = fixed.text(192, 5);
        boolean plus = variant.equals("EDF+C") || variant.equals("BDF+C");
        boolean discontinuous = variant.equals("EDF+D") || variant.equals("BDF+D");
        long signals = fixed.whole(252, 4, "the number of signals", 1, MAX_SIGNALS);
        long headerBytes = FIXED_BYTES + signals * SIGNAL_BYTES;
        if (fixed.whole(184, 8, "the header's length", 0, Integer.MAX_VALUE) != headerBytes) {
            throw problem.at(
                    "byte 184",
                    "the header's length is not the " + headerBytes + " bytes that its " + signals
                            + " signals take; the header is damaged: export the file again");
        }
        if (file.sizeBytes() < headerBytes) {
            throw problem.of("it has " + file.sizeBytes() + " bytes, and its header says that the header alone has "
                    + headerBytes + "; copy it again");
        }
        double seconds = fixed.number(244, 8, "the duration of a data record");
        var text = new HeaderText(problem, bytes(file, 0, (int) headerBytes));
        var read = signals(text, (int) signals, bdf, plus || discontinuous);
        int recordBytes = recordBytes(read, bdf ? 3 : 2, problem);
        requireRates(read, seconds, problem);
        long stated = fixed.whole(236, 8, "the number of data records", -1, 99_999_999);
        long records = records(file, headerBytes, recordBytes, stated);
        return new EdfHeader(
                bdf ? 3 : 2,
                plus || discontinuous,
                discontinuous,
                (int) headerBytes,
                records,
                seconds,
                recordBytes,
                List.copyOf(read));
    }

    private static byte[] bytes(ByteFile file, long from, int length) {
        var bytes = new byte[length];
        file.read(from, bytes, 0, length);
        return bytes;
    }

    private static boolean isBdf(HeaderText fixed, FileProblem problem) {
        if (fixed.octet(0) == 0xFF && fixed.text(1, 7).equals("BIOSEMI")) {
            return true;
        }
        if (!fixed.text(0, 8).equals("0")) {
            throw problem.of(
                    "it begins neither as EDF (0) nor as BDF (255 BIOSEMI); is it of another format (GDF, BrainVision,"
                            + " ...)? Export it as EDF+");
        }
        return false;
    }

    private static List<EdfSignal> signals(HeaderText text, int count, boolean bdf, boolean plus) {
        var signals = new ArrayList<EdfSignal>();
        int offsetBytes = 0;
        for (int i = 0; i < count; i++) {
            var fields = new SignalFields(text, count, i);
            int samples = fields.samplesPerRecord();
            signals.add(fields.signal(bdf, plus, offsetBytes));
            // both are at most 2^26, so that the sum is not past an int
            offsetBytes += samples * (bdf ? 3 : 2);
            if (offsetBytes > MAX_RECORD_BYTES) {
                throw text.problem()
                        .of("a data record has more than " + MAX_RECORD_BYTES
                                + " bytes; the header is damaged, or export the file again with shorter data records");
            }
        }
        return signals;
    }

    private static int recordBytes(List<EdfSignal> signals, int sampleBytes, FileProblem problem) {
        var last = signals.getLast();
        if (signals.stream().allMatch(EdfSignal::annotations)) {
            throw problem.of("it holds annotations and no signal; name the file that has the signals");
        }
        return last.offsetBytes() + last.samplesPerRecord() * sampleBytes;
    }

    private static void requireRates(List<EdfSignal> signals, double seconds, FileProblem problem) {
        for (var signal : signals) {
            double rate = signal.samplesPerRecord() / seconds;
            if (!signal.annotations() && !(rate >= MIN_RATE && rate <= MAX_RATE)) {
                throw problem.at(
                        "byte 244",
                        "signal '" + Text.shown(signal.label()) + "' would have " + rate
                                + " samples a second, by the duration of a data record; export the file again");
            }
        }
    }

    private static long records(ByteFile file, long headerBytes, int recordBytes, long stated) {
        long dataBytes = file.sizeBytes() - headerBytes;
        long held = dataBytes / recordBytes;
        if (stated == 0 || held == 0) {
            throw file.problem().of("it holds no whole data record; nothing was recorded, or its copy was cut short");
        }
        if (stated > 0 && stated * recordBytes != dataBytes || dataBytes % recordBytes != 0) {
            throw file.problem()
                    .of("its header and its size disagree: " + dataBytes + " bytes follow the header, and "
                            + (stated > 0 ? stated + " records" : "records") + " of " + recordBytes
                            + " bytes are announced; was its copy cut short? Copy or export it again");
        }
        return held;
    }
}
