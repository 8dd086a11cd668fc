package fedbiomed.data.signal.wfdb;

import fedbiomed.data.file.ByteFile;
import fedbiomed.data.file.FileProblem;
import fedbiomed.data.signal.Annotation;
import fedbiomed.data.signal.Channel;
import fedbiomed.data.signal.Recording;
import fedbiomed.data.signal.Segment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;

/**
 * A WFDB record: a header and its signal files of formats 16 and 212, in one folder. Physical values are
 * {@code (digital - baseline) / gain}; a header without a gain, or with 0, has values by the specification's default of
 * 200 and the unit {@code uncalibrated}. Samples that the format marks as missing, and those that a skew moves past the
 * record's end, are NaN. Records of several segments are refused.
 */
public final class WfdbRecord implements Recording {
    /** Of all signals of a file together: 4,096 signals of 1,024 samples. */
    private static final int MAX_SAMPLES_PER_FRAME = 1 << 22;

    private record Source(SignalFile file, int signal) {}

    private final Path header;
    private final double rate;
    private final long frames;
    private final List<WfdbSignal> signals;
    private final List<Channel> channels;
    private final List<Source> sources;
    private final List<ByteFile> files;

    private WfdbRecord(Path path, List<ByteFile> opened) {
        var read = WfdbHeader.of(path);
        this.header = path;
        this.files = opened;
        this.rate = read.rate();
        this.signals = read.signals();
        this.sources = sources(path, signals, opened);
        this.frames = frames(read);
        this.channels = signals.stream()
                .map(signal -> new Channel(
                        signal.label(), signal.unit(), signal.samplesPerFrame(), signal.samplesPerFrame() * rate))
                .toList();
    }

    /**
     * @param header the {@code .hea} file
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT naming the line and the remedy, if the header or a signal
     *     file does not fit, or is of a format that is not read; DATASET_CHANGED if a file is not there
     */
    public static WfdbRecord open(Path header) {
        var opened = new ArrayList<ByteFile>();
        try {
            return new WfdbRecord(header, opened);
        } catch (RuntimeException e) {
            opened.forEach(ByteFile::close);
            throw e;
        }
    }

    private static List<Source> sources(Path header, List<WfdbSignal> signals, List<ByteFile> opened) {
        var byFile = new LinkedHashMap<String, List<WfdbSignal>>();
        signals.forEach(signal ->
                byFile.computeIfAbsent(signal.file(), _ -> new ArrayList<>()).add(signal));
        var problem = new FileProblem(header);
        var sources = new Source[signals.size()];
        byFile.forEach((name, group) -> {
            var first = group.getFirst();
            if (group.stream()
                    .anyMatch(signal ->
                            signal.format() != first.format() || signal.offsetBytes() != first.offsetBytes())) {
                throw problem.of("the signals of one file differ in format or byte offset; correct the header");
            }
            if (group.stream().mapToLong(WfdbSignal::samplesPerFrame).sum() > MAX_SAMPLES_PER_FRAME) {
                throw problem.of("a frame has more than " + MAX_SAMPLES_PER_FRAME + " samples; correct the header");
            }
            var file = ByteFile.open(beside(header, name));
            opened.add(file);
            var shared = SignalFile.of(file, group);
            int place = 0;
            for (int i = 0; i < sources.length; i++) {
                if (signals.get(i).file().equals(name)) {
                    sources[i] = new Source(shared, place++);
                }
            }
        });
        return Arrays.asList(sources);
    }

    /** A signal file lies in the header's folder: a link that leads elsewhere is another's file. */
    private static Path beside(Path header, String name) {
        var folder = Objects.requireNonNullElse(header.toAbsolutePath().getParent(), header.toAbsolutePath());
        var file = folder.resolve(name);
        try {
            if (Files.exists(file)
                    && !folder.toRealPath().equals(file.toRealPath().getParent())) {
                throw new FileProblem(file)
                        .of("it is a link that leads out of the header's folder; copy the file there");
            }
        } catch (IOException e) {
            throw new FileProblem(file).unreadable(e);
        }
        return file;
    }

    private long frames(WfdbHeader read) {
        var problem = new FileProblem(header);
        long held = Long.MAX_VALUE;
        for (var source : sources) {
            held = Math.min(held, source.file().frames());
        }
        if (held == 0 || held < read.frames()) {
            throw problem.of("it announces " + read.frames() + " samples a signal, and a signal file holds " + held
                    + "; was its copy cut short? Copy the signal files again");
        }
        return read.frames() == 0 ? held : read.frames();
    }

    @Override
    public List<Channel> channels() {
        return channels;
    }

    @Override
    public double frameSeconds() {
        return 1 / rate;
    }

    @Override
    public List<Segment> segments() {
        return List.of(new Segment(0, 0, frames));
    }

    @Override
    public long frames() {
        return frames;
    }

    /** The names of its signal files, which lie in the header's folder. */
    public List<String> signalFiles() {
        return signals.stream().map(WfdbSignal::file).distinct().toList();
    }

    /** Those of the file beside the header that ends with {@code .atr}; none where there is no such file. */
    @Override
    public List<Annotation> annotations() {
        return annotations("atr");
    }

    /** @param annotator the ending of the annotation file, {@code atr} for the reference annotations */
    public List<Annotation> annotations(String annotator) {
        var name = String.valueOf(header.getFileName());
        var stem = name.endsWith(".hea") ? name.substring(0, name.length() - 4) : name;
        var file = beside(header, stem + "." + annotator);
        return Files.exists(file) ? MitAnnotations.read(file, rate, frames / rate) : List.of();
    }

    @Override
    public void read(int channel, long firstSample, float[] into, int offset, int count) {
        var signal = signals.get(channel);
        int perFrame = signal.samplesPerFrame();
        Objects.checkFromIndexSize(firstSample, count, frames * perFrame);
        Objects.checkFromIndexSize(offset, count, into.length);
        // what the skew moves past the end of the record is missing
        long from = firstSample + (long) signal.skewFrames() * perFrame;
        int held = (int) Math.clamp(frames * perFrame - from, 0, count);
        Arrays.fill(into, offset + held, offset + count, Float.NaN);
        if (held == 0) {
            return;
        }
        var digital = new int[held];
        var source = sources.get(channel);
        source.file().read(source.signal(), perFrame, from, digital);
        int missing = signal.format().missing;
        for (int i = 0; i < held; i++) {
            into[offset + i] = digital[i] == missing
                    ? Float.NaN
                    : (float) (((double) digital[i] - signal.baseline()) / signal.gain());
        }
    }

    @Override
    public void close() {
        files.forEach(ByteFile::close);
    }
}
