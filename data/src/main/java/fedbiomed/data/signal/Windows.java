package fedbiomed.data.signal;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Windows of fixed length cut from a recording, resampled to one rate ({@link Resampler}). In each segment the first
 * begins with the segment, and the last is the last that lies in it wholly; none spans a gap. A window is cut from the
 * resampled segment, so that it has no edges of its own; beyond the ends of a segment the filter sees its first and last
 * sample repeated. Missing samples (NaN) make those NaN whose filter reaches them. Where they lie is known from the
 * recording's channels and segments; the recording itself is not kept.
 */
public final class Windows {
    private final WindowPlan plan;
    private final List<Source> sources;
    private final List<Stretch> stretches;
    private final int count;

    private record Source(int channel, int samplesPerFrame, Resampler resampler) {}

    /** The windows of one segment: {@code first} is the number of its first one. */
    private record Stretch(Segment segment, int first, int count) {}

    private Windows(Recording recording, WindowPlan plan, List<Source> sources) {
        this.plan = plan;
        this.sources = sources;
        this.stretches = new ArrayList<>();
        long windows = 0;
        for (var segment : recording.segments()) {
            long outputs = Long.MAX_VALUE;
            for (var source : sources) {
                outputs = Math.min(outputs, source.resampler().outputs(segment.frames() * source.samplesPerFrame()));
            }
            long here = outputs < plan.samples() ? 0 : (outputs - plan.samples()) / plan.strideSamples() + 1;
            if (windows + here > Integer.MAX_VALUE - 8) {
                throw unfit("the recording has more than 2^31 windows; take a longer step");
            }
            if (here > 0) {
                stretches.add(new Stretch(segment, (int) windows, (int) here));
            }
            windows += here;
        }
        this.count = (int) windows;
    }

    /**
     * @throws FedbiomedException DATA_UNFIT if the recording has not exactly one channel of a label, naming those that
     *     there are, or if a channel's rate and the plan's are no ratio of whole numbers up to 100,000
     */
    public static Windows of(Recording recording, WindowPlan plan) {
        return of(recording, plan, new Resamplers());
    }

    /** @param resamplers those made for other recordings */
    public static Windows of(Recording recording, WindowPlan plan, Resamplers resamplers) {
        var sources = new ArrayList<Source>();
        for (var label : plan.channels()) {
            int channel = channel(recording, label);
            var found = recording.channels().get(channel);
            var ratio = Ratio.of(plan.rate(), found.rate());
            if (ratio == null) {
                throw unfit("channel '" + Text.shown(label) + "' has " + found.rate()
                        + " samples a second, which cannot"
                        + " become " + plan.rate() + ": the two are no ratio of whole numbers up to " + Ratio.MAX_TERM
                        + "; take another rate");
            }
            if (plan.samples() / plan.rate() * found.rate() > WindowPlan.MAX_SAMPLES) {
                throw unfit("a window of " + plan.seconds() + " s has more than " + WindowPlan.MAX_SAMPLES
                        + " samples of channel '" + Text.shown(label) + "'; take shorter windows");
            }
            sources.add(new Source(channel, found.samplesPerFrame(), resamplers.get(ratio)));
        }
        return new Windows(recording, plan, List.copyOf(sources));
    }

    private static int channel(Recording recording, String label) {
        int found = -1;
        for (int i = 0; i < recording.channels().size(); i++) {
            if (recording.channels().get(i).label().equals(label)) {
                if (found >= 0) {
                    throw unfit("the recording has several channels of the label '" + Text.shown(label)
                            + "'; rename all but one of them in the file");
                }
                found = i;
            }
        }
        if (found < 0) {
            var there = recording.channels().stream()
                    .limit(50)
                    .map(channel -> Text.shown(channel.label()))
                    .toList();
            throw unfit("the recording has no channel '" + Text.shown(label) + "'; it has " + String.join(", ", there));
        }
        return found;
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }

    /** How many windows there are; 0 where every segment is shorter than one. */
    public int count() {
        return count;
    }

    /** When a window begins, on the recording's clock, in seconds. */
    public double startSeconds(int window) {
        var stretch = stretch(window);
        return stretch.segment().startSeconds() + (window - stretch.first()) * plan.strideSeconds();
    }

    private Stretch stretch(int window) {
        Objects.checkIndex(window, count);
        int low = 0;
        int high = stretches.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (stretches.get(middle).first() <= window) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return stretches.get(low);
    }

    /** How many bytes {@link #read} writes. */
    public long sizeBytes() {
        return (long) Float.BYTES * sources.size() * plan.samples();
    }

    /**
     * Writes a window: F32 {@code [channels, samples]} in the machine's byte order, physical values.
     *
     * @param recording the one that the windows were made for, perhaps opened anew
     * @param into at least {@link #sizeBytes} long
     * @throws FedbiomedException DATA_UNFIT if the recording cannot be read
     */
    public void read(Recording recording, int window, MemorySegment into) {
        var stretch = stretch(window);
        long firstOutput = (window - stretch.first()) * plan.strideSamples();
        var samples = new float[plan.samples()];
        for (int i = 0; i < sources.size(); i++) {
            read(recording, sources.get(i), stretch.segment(), firstOutput, samples);
            MemorySegment.copy(
                    samples,
                    0,
                    into,
                    ValueLayout.JAVA_FLOAT_UNALIGNED,
                    (long) i * samples.length * Float.BYTES,
                    samples.length);
        }
    }

    private static void read(Recording recording, Source source, Segment segment, long firstOutput, float[] samples) {
        var resampler = source.resampler();
        long first = resampler.firstInput(firstOutput);
        long last = resampler.lastInput(firstOutput + samples.length - 1);
        long held = segment.frames() * source.samplesPerFrame();
        int from = (int) Math.max(0, -first);
        int to = (int) (Math.min(held - 1, last) - first) + 1;
        var inputs = new float[Math.toIntExact(last - first + 1)];
        long start = segment.firstFrame() * source.samplesPerFrame();
        recording.read(source.channel(), start + first + from, inputs, from, to - from);
        Resampler.extend(inputs, from, to);
        resampler.resample(firstOutput, inputs, samples);
    }
}
