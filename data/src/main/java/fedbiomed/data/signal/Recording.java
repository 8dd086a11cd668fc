package fedbiomed.data.signal;

import java.util.List;

/**
 * An open recording: its header is read, its samples are not. A frame is the stretch of {@link #frameSeconds} that the
 * file stores together (EDF's data record, WFDB's frame); each channel has a fixed number of samples in it. May be read
 * by several threads.
 */
public interface Recording extends AutoCloseable {
    /** The signals; annotations are not among them. */
    List<Channel> channels();

    double frameSeconds();

    /**
     * In order of time, not overlapping.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT naming file and place, if the file is damaged
     */
    List<Segment> segments();

    /**
     * In order of onset. They are read each time.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT naming file and place, if they are damaged
     */
    List<Annotation> annotations();

    /**
     * Physical values ({@link Channel#unit}); NaN where the file marks a sample as missing. Samples are numbered as
     * frames are: sample {@code f * samplesPerFrame} is the first of frame {@code f}.
     *
     * @param into {@code count} values from {@code offset} on
     * @throws IndexOutOfBoundsException if the recording has no such samples
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT if the file cannot be read
     */
    void read(int channel, long firstSample, float[] into, int offset, int count);

    /** How many frames there are, gaps left out. */
    long frames();

    @Override
    void close();
}
