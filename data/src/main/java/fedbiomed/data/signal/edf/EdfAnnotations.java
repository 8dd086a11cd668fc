package fedbiomed.data.signal.edf;

import fedbiomed.data.file.ByteFile;
import fedbiomed.data.signal.Annotation;
import fedbiomed.data.signal.Segment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the annotation signals of an EDF+ file say: when each record begins, and the remarks. */
record EdfAnnotations(ByteFile file, EdfHeader header) {
    /** A night of sleep has some thousand; a file with more than these would fill the memory. */
    static final int MAX_ANNOTATIONS = 1_000_000;

    /** A record may begin this share of a record off its place, by the rounding of its onset, without being a gap. */
    private static final double GAP_TOLERANCE = 1e-3;

    private interface Visitor {
        void list(Tal list, long record, boolean keepsTime);
    }

    /** The remarks, by onset after the first record's. */
    List<Annotation> remarks(double startSeconds) {
        var remarks = new ArrayList<Annotation>();
        forEach((list, record, keepsTime) -> {
            for (int i = keepsTime ? 1 : 0; i < list.texts().size(); i++) {
                if (remarks.size() == MAX_ANNOTATIONS) {
                    throw file.problem()
                            .at(
                                    "record " + (record + 1),
                                    "there are more than " + MAX_ANNOTATIONS
                                            + " annotations; export the file with fewer");
                }
                remarks.add(new Annotation(
                        list.onsetSeconds() - startSeconds,
                        list.durationSeconds(),
                        list.texts().get(i)));
            }
        });
        remarks.sort(Comparator.comparingDouble(Annotation::onsetSeconds));
        return List.copyOf(remarks);
    }

    /** When the first record begins, after the whole second that the header has: less than 1 s. */
    double firstOnset() {
        return onset(0);
    }

    /** The stretches without a gap, from the onset of every record. */
    List<Segment> segments() {
        var segments = new ArrayList<Segment>();
        double seconds = header.recordSeconds();
        double first = onset(0);
        double start = first;
        long startRecord = 0;
        double before = first;
        for (long record = 1; record < header.records(); record++) {
            double onset = onset(record);
            double gap = onset - (before + seconds);
            if (gap < -GAP_TOLERANCE * seconds) {
                throw file.problem()
                        .at(
                                "record " + (record + 1),
                                "it begins before the record before it ends; the file is damaged: export it again");
            }
            if (gap > GAP_TOLERANCE * seconds) {
                segments.add(new Segment(start - first, startRecord, record - startRecord));
                start = onset;
                startRecord = record;
            }
            before = onset;
        }
        segments.add(new Segment(start - first, startRecord, header.records() - startRecord));
        return List.copyOf(segments);
    }

    private double onset(long record) {
        for (var signal : header.signals()) {
            if (signal.annotations()) {
                var lists = lists(signal, record);
                if (lists.isEmpty() || !keepsTime(lists.getFirst())) {
                    throw file.problem()
                            .at(
                                    "record " + (record + 1),
                                    "it does not say when it begins, as EDF+ asks of every record; export the file again");
                }
                return lists.getFirst().onsetSeconds();
            }
        }
        throw file.problem().of("it is EDF+ without the signal 'EDF Annotations'; export it again");
    }

    private static boolean keepsTime(Tal list) {
        return !list.texts().isEmpty() && list.texts().getFirst().isEmpty();
    }

    private void forEach(Visitor visitor) {
        var signals = header.signals().stream().filter(EdfSignal::annotations).toList();
        for (long record = 0; record < header.records(); record++) {
            boolean first = true;
            for (var signal : signals) {
                for (var list : lists(signal, record)) {
                    visitor.list(list, record, first && keepsTime(list));
                    first = false;
                }
            }
        }
    }

    private List<Tal> lists(EdfSignal signal, long record) {
        var bytes = new byte[signal.samplesPerRecord() * header.sampleBytes()];
        file.read(header.headerBytes() + record * header.recordBytes() + signal.offsetBytes(), bytes, 0, bytes.length);
        var lists = Tal.parse(bytes);
        if (lists == null) {
            throw file.problem()
                    .at(
                            "record " + (record + 1),
                            "its annotations are not as EDF+ has them, or not UTF-8; export the file again, or as plain EDF");
        }
        return lists;
    }
}
