package fedbiomed.data.signal.wfdb;

import fedbiomed.data.file.ByteFile;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that several signals share: frame after frame, in each frame the samples of each signal in turn.
 *
 * @param firstInFrame for each of its signals, how many samples of a frame come before
 * @param samplesPerFrame of all of its signals
 */
record SignalFile(
        ByteFile file, SampleFormat format, long offsetBytes, List<Integer> firstInFrame, int samplesPerFrame) {
    /** @param signals those of the file, in the header's order, of one format and offset */
    static SignalFile of(ByteFile file, List<WfdbSignal> signals) {
        var first = new ArrayList<Integer>();
        int samples = 0;
        for (var signal : signals) {
            first.add(samples);
            samples = Math.addExact(samples, signal.samplesPerFrame());
        }
        var of = signals.getFirst();
        return new SignalFile(file, of.format(), of.offsetBytes(), List.copyOf(first), samples);
    }

    /** How many whole frames it holds. */
    long frames() {
        return format.samples(Math.max(0, file.sizeBytes() - offsetBytes)) / samplesPerFrame;
    }

    /**
     * Digital values of one of its signals.
     *
     * @param signal its place among the file's signals
     * @param perFrame its samples a frame
     * @param from its first sample; all must lie in the file
     */
    void read(int signal, int perFrame, long from, int[] into) {
        int count = into.length;
        long firstFrame = from / perFrame;
        long lastFrame = (from + count - 1) / perFrame;
        int chunk = (int) Math.clamp(CHUNK_SAMPLES / samplesPerFrame, 1, lastFrame - firstFrame + 1);
        int done = 0;
        for (long frame = firstFrame; frame <= lastFrame; frame += chunk) {
            long frames = Math.min(chunk, lastFrame - frame + 1);
            int until = (int) Math.min(count, (frame + frames) * perFrame - from);
            done = chunk(signal, perFrame, from, into, done, until);
        }
    }

    /** So many samples of the file are read at once; a frame is at least as many where it is larger. */
    private static final int CHUNK_SAMPLES = 1 << 15;

    private int chunk(int signal, int perFrame, long from, int[] into, int done, int until) {
        long start = position(inFile(signal, perFrame, from + done));
        long end = position(inFile(signal, perFrame, from + until - 1)) + 2;
        var bytes = new byte[Math.toIntExact(end - start)];
        file.read(offsetBytes + start, bytes, 0, bytes.length);
        for (int i = done; i < until; i++) {
            long sample = inFile(signal, perFrame, from + i);
            into[i] = format.digital(bytes, (int) (position(sample) - start), sample % 2 != 0);
        }
        return until;
    }

    private long position(long sample) {
        return format.position(sample);
    }

    /** Which sample of the file a sample of a signal is. */
    private long inFile(int signal, int perFrame, long sample) {
        // mostly a signal has one sample a frame, and a division for each sample is most of the time
        return perFrame == 1
                ? sample * samplesPerFrame + firstInFrame.get(signal)
                : sample / perFrame * samplesPerFrame + firstInFrame.get(signal) + sample % perFrame;
    }
}
