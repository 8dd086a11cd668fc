package fedbiomed.data.signal.folder;

import fedbiomed.data.signal.Resamplers;
import fedbiomed.data.signal.WindowLabels;
import fedbiomed.data.signal.Windows;
import fedbiomed.data.source.DataFolder;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.tabular.KeyedTable;
import fedbiomed.data.tabular.SampleTable;
import fedbiomed.parameters.DType;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of recordings: EDF, EDF+ and BDF files, and WFDB records. A sample is a window. Array {@value #SIGNAL}, F32
 * {@code [channels, samples]}, physical values; column {@value #RECORDING}, I64, which recording a window is of, from 0 in
 * the order of the files' names; column {@value #LABEL}, text, from annotations; and the columns of a CSV file with a row
 * a recording, repeated for its windows.
 */
public final class SignalFolder implements SampleSource {
    private static final int SHOWN_NAMES = 20;
    public static final String SIGNAL = "signal";
    public static final String RECORDING = "recording";
    public static final String LABEL = "label";

    /** What the data manager may say about the reading, with explanations. */
    public static final SortedMap<String, String> SETTINGS = SignalSettings.EXPLAINED;

    /** Of each some bytes are held; more are a step that is too short. */
    static final int MAX_WINDOWS = 1 << 24;

    private final Path folder;
    private final SortedMap<String, String> settings;
    private final WindowLayout layout;
    private final boolean zeroMissing;
    private final List<Cut> cuts;
    private final OpenRecordings open;
    /** Of each sample which recording it is of, and which of its windows it is. */
    private final int[] recording;

    private final int[] window;
    private final SampleTable table;
    private final List<String> read;

    /**
     * A recording's windows.
     *
     * @param factors what the channels' values are multiplied with
     * @param labels of the windows; {@code null} where they have none, elements where a window is left out
     */
    private record Cut(
            RecordingFile file,
            Windows windows,
            double[] factors,
            @Nullable String @Nullable [] labels) {
        int count() {
            return labels == null
                    ? windows.count()
                    : (int) IntStream.range(0, labels.length)
                            .filter(i -> labels[i] != null)
                            .count();
        }
    }

    private SignalFolder(
            DataFolder folder,
            SortedMap<String, String> settings,
            SignalSettings parsed,
            WindowLayout layout,
            List<Cut> cuts) {
        this.folder = folder.root();
        this.settings = settings;
        this.layout = layout;
        this.zeroMissing = parsed.zeroMissing();
        this.cuts = cuts;
        this.open = new OpenRecordings(cuts.stream().map(Cut::file).toList());
        int samples = samples(cuts, parsed);
        this.recording = new int[samples];
        this.window = new int[samples];
        var labels = new String[samples];
        int at = 0;
        for (int i = 0; i < cuts.size(); i++) {
            var cut = cuts.get(i);
            for (int w = 0; w < cut.windows().count(); w++) {
                var label = cut.labels() == null ? "" : cut.labels()[w];
                if (label != null) {
                    recording[at] = i;
                    window[at] = w;
                    labels[at++] = label;
                }
            }
        }
        var csv = folder.file(
                SignalSettings.LABELS,
                settings,
                file -> file.toLowerCase(Locale.ROOT).endsWith(".csv"),
                "CSV files");
        this.table = table(folder, csv, labels);
        var there = new HashSet<>(folder.files());
        this.read = new ArrayList<>(new TreeSet<>(cuts.stream()
                .flatMap(cut -> cut.file().files(parsed.annotator(), there).stream())
                .toList()));
        if (csv != null) {
            read.add(csv);
        }
    }

    /**
     * Reads the headers, the annotations where they are labels, and the table.
     *
     * @throws FedbiomedException DATA_UNFIT naming what is missing or contradicts itself, and the remedy
     */
    public static SignalFolder open(Path path, SortedMap<String, String> settings) {
        var parsed = SignalSettings.parse(settings);
        var folder = DataFolder.of(path);
        var recordings = folder.files().parallelStream()
                .filter(RecordingFile::isOne)
                .map(file -> RecordingFile.of(path, file))
                .toList();
        if (recordings.isEmpty()) {
            throw unfit(
                    "the folder holds no recording: EDF and BDF files end in .edf or .bdf, the headers of WFDB records"
                            + " in .hea");
        }
        var layout = WindowLayout.of(recordings, parsed);
        var resamplers = new Resamplers();
        var windows = new AtomicLong();
        var cuts = recordings.parallelStream()
                .map(file -> cut(file, layout, resamplers, parsed, windows))
                .toList();
        return new SignalFolder(folder, settings, parsed, layout, cuts);
    }

    private static Cut cut(
            RecordingFile file,
            WindowLayout layout,
            Resamplers resamplers,
            SignalSettings settings,
            AtomicLong together) {
        try (var recording = file.open()) {
            var windows = windows(file, () -> Windows.of(recording, layout.plan(), resamplers));
            if (together.addAndGet(windows.count()) > MAX_WINDOWS) {
                throw tooMany();
            }
            if (settings.annotations().isEmpty()) {
                return new Cut(file, windows, layout.factors(file), null);
            }
            var annotated = new WindowLabels(
                    RecordingFile.annotations(recording, settings.annotator()),
                    settings.annotations(),
                    settings.rule());
            var labels = new @Nullable String[windows.count()];
            for (int i = 0; i < labels.length; i++) {
                var label = annotated.of(windows.startSeconds(i), layout.plan().seconds());
                labels[i] = label == null ? settings.other() : label;
            }
            return new Cut(file, windows, layout.factors(file), labels);
        }
    }

    private interface Cutter {
        Windows cut();
    }

    /** What knows no file's name is told with it. */
    private static Windows windows(RecordingFile file, Cutter cutter) {
        try {
            return cutter.cut();
        } catch (FedbiomedException e) {
            throw e.text().startsWith(Text.shown(file.name()))
                    ? e
                    : new FedbiomedException(e.code(), Text.shown(file.name()) + ": " + e.text(), e);
        }
    }

    private static int samples(List<Cut> cuts, SignalSettings settings) {
        int samples = cuts.stream().mapToInt(Cut::count).sum();
        long windows = cuts.stream().mapToLong(cut -> cut.windows().count()).sum();
        if (windows == 0) {
            throw unfit("none of the " + cuts.size() + " recordings is as long as a window of "
                    + settings.windowSeconds() + " s; set '" + SignalSettings.WINDOW + "' to a shorter one");
        }
        if (samples == 0) {
            throw unfit("none of the " + windows + " windows has an annotation that the setting '"
                    + SignalSettings.ANNOTATIONS + "' names; are the texts written as in the files?");
        }
        return samples;
    }

    private static FedbiomedException tooMany() {
        return unfit("there are more than " + MAX_WINDOWS + " windows; set 'step' to a longer one");
    }

    private SampleTable table(DataFolder folder, @Nullable String csv, String[] labels) {
        var columns =
                SampleTable.of(RECORDING, IntStream.of(recording).asLongStream().toArray());
        if (cuts.getFirst().labels() != null) {
            columns = columns.with(SampleTable.of(LABEL, labels));
        }
        if (csv != null) {
            var keyed = KeyedTable.read(folder.path(csv), settings.getOrDefault(SignalSettings.KEY, ""));
            var keys = cuts.stream()
                    .map(cut -> keyed.has(cut.file().name())
                            ? cut.file().name()
                            : cut.file().stem())
                    .toList();
            var rows = keyed.rows(keys, RECORDING);
            rows.requireFree(SIGNAL);
            columns = columns.with(rows.select(recording));
        }
        return columns;
    }

    @Override
    public int samples() {
        return recording.length;
    }

    @Override
    public List<ColumnDescription> columns() {
        var columns = new ArrayList<ColumnDescription>();
        columns.add(new ColumnDescription(
                SIGNAL,
                ColumnType.REAL,
                0,
                DType.F32.name(),
                List.of((long) layout.channels().size(), (long) layout.plan().samples()),
                layout.content()));
        columns.addAll(table.columns());
        return columns;
    }

    @Override
    public void read(String array, int sample, MemorySegment into) {
        if (array.equals(SIGNAL)) {
            if (!signal(sample, into) && !zeroMissing) {
                throw unfit(Text.shown(cuts.get(recording[sample]).file().name()) + ": it has missing samples, "
                        + start(sample) + "; " + MISSING_REMEDY);
            }
        } else {
            table.read(array, sample, into);
        }
    }

    private static final String MISSING_REMEDY =
            "set '" + SignalSettings.MISSING + "' to zero, or take the recording out";

    private String start(int sample) {
        return "in the window that begins "
                + cuts.get(recording[sample]).windows().startSeconds(window[sample]) + " s after its beginning";
    }

    /** Whether every value of it is finite; the others are made 0. */
    private boolean signal(int sample, MemorySegment into) {
        var cut = cuts.get(recording[sample]);
        open.use(recording[sample], opened -> cut.windows().read(opened, window[sample], into));
        int samples = layout.plan().samples();
        boolean complete = true;
        for (int channel = 0; channel < cut.factors().length; channel++) {
            double factor = cut.factors()[channel];
            for (int i = 0; i < samples; i++) {
                long at = ((long) channel * samples + i) * Float.BYTES;
                float value = (float) (into.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at) * factor);
                complete &= Float.isFinite(value);
                into.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, Float.isFinite(value) ? value : 0);
            }
        }
        return complete;
    }

    @Override
    public @Nullable String[] texts(String column) {
        return table.texts(column);
    }

    @Override
    public void requireSound(ReadProgress progress) {
        var buffers = ThreadLocal.withInitial(() -> MemorySegment.ofArray(
                new float[layout.channels().size() * layout.plan().samples()]));
        var count = new AtomicInteger();
        var done = new AtomicLong();
        int first = IntStream.range(0, samples())
                .parallel()
                .peek(_ -> progress.read(done.incrementAndGet(), samples()))
                .filter(sample -> !signal(sample, buffers.get()))
                .peek(_ -> count.incrementAndGet())
                .min()
                .orElse(-1);
        if (first >= 0 && !zeroMissing) {
            throw unfit(Text.shown(cuts.get(recording[first]).file().name()) + ": it has missing samples, "
                    + start(first) + " (" + count + " of " + samples() + " windows of the dataset have some); "
                    + MISSING_REMEDY);
        }
    }

    @Override
    public List<String> notes() {
        var notes = new ArrayList<String>();
        var without = cuts.stream()
                .filter(cut -> cut.windows().count() == 0)
                .map(cut -> Text.shown(cut.file().name()))
                .toList();
        if (!without.isEmpty()) {
            notes.add(without.size() + " recordings are shorter than a window, and are left out: "
                    + String.join(", ", without.subList(0, Math.min(SHOWN_NAMES, without.size())))
                    + (without.size() > SHOWN_NAMES ? ", ..." : ""));
        }
        long windows = cuts.stream().mapToLong(cut -> cut.windows().count()).sum();
        if (windows > samples()) {
            notes.add(windows - samples() + " of " + windows
                    + " windows have no annotation that is a label, and are left" + " out");
        }
        return notes;
    }

    @Override
    public String fingerprint() {
        return DataFolder.fingerprint(folder, read, settings);
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
