package fedbiomed.data.signal.edf;

import fedbiomed.data.file.ByteFile;
import fedbiomed.data.signal.Annotation;
import fedbiomed.data.signal.Channel;
import fedbiomed.data.signal.Recording;
import fedbiomed.data.signal.Segment;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An EDF, EDF+, BDF or BDF+ file. Its clock begins with the first data record: fractions of a second that EDF+ adds to
 * the header's start time are taken off. A discontinuous file (EDF+D) is read as several segments. Samples outside of
 * the digital range that the header states are converted like all others. Channels are those that are not annotations;
 * BDF's {@code Status} is one, as its 24 bits read as a number.
 */
public final class EdfFile implements Recording {
    private final ByteFile file;
    private final EdfHeader header;
    private final List<EdfSignal> signals;
    private final List<Channel> channels;
    private volatile @Nullable List<Segment> segments;

    private EdfFile(ByteFile file) {
        this.file = file;
        this.header = EdfHeader.of(file);
        this.signals = header.signals().stream()
                .filter(signal -> !signal.annotations())
                .toList();
        this.channels = signals.stream()
                .map(signal -> new Channel(
                        signal.label(),
                        signal.unit(),
                        signal.samplesPerRecord(),
                        signal.samplesPerRecord() / header.recordSeconds()))
                .toList();
    }

    /**
     * Reads the header.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT naming the place and the remedy, if the file is damaged,
     *     cut short, of another format, or holds annotations alone; DATASET_CHANGED if there is none
     */
    public static EdfFile open(Path path) {
        var file = ByteFile.open(path);
        try {
            return new EdfFile(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public List<Channel> channels() {
        return channels;
    }

    @Override
    public double frameSeconds() {
        return header.recordSeconds();
    }

    /** Of a discontinuous file this reads when each record begins, the first time that it is asked for. */
    @Override
    public List<Segment> segments() {
        var found = segments;
        if (found == null) {
            found = header.discontinuous()
                    ? new EdfAnnotations(file, header).segments()
                    : List.of(new Segment(0, 0, header.records()));
            segments = found;
        }
        return found;
    }

    @Override
    public long frames() {
        return header.records();
    }

    /** None in plain EDF and BDF, which have none. */
    @Override
    public List<Annotation> annotations() {
        if (!header.plus()) {
            return List.of();
        }
        var annotations = new EdfAnnotations(file, header);
        return annotations.remarks(annotations.firstOnset());
    }

    @Override
    public void read(int channel, long firstSample, float[] into, int offset, int count) {
        var signal = signals.get(channel);
        int perRecord = signal.samplesPerRecord();
        Objects.checkFromIndexSize(firstSample, count, header.records() * perRecord);
        Objects.checkFromIndexSize(offset, count, into.length);
        int width = header.sampleBytes();
        var bytes = new byte[Math.min(count, perRecord) * width];
        for (int done = 0; done < count; ) {
            long record = (firstSample + done) / perRecord;
            int within = (int) ((firstSample + done) % perRecord);
            int n = Math.min(count - done, perRecord - within);
            long position =
                    header.headerBytes() + record * header.recordBytes() + signal.offsetBytes() + (long) within * width;
            file.read(position, bytes, 0, n * width);
            for (int i = 0; i < n; i++) {
                into[offset + done + i] = (float) (digital(bytes, i * width, width) * signal.scale() + signal.shift());
            }
            done += n;
        }
    }

    /** Little-endian two's complement, of 2 or 3 bytes. */
    private static int digital(byte[] bytes, int at, int width) {
        int low = (bytes[at] & 0xFF) | (bytes[at + 1] & 0xFF) << 8;
        return width == 2 ? (short) low : low | bytes[at + 2] << 16;
    }

    @Override
    public void close() {
        file.close();
    }
}
