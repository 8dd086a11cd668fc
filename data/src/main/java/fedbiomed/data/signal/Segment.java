package fedbiomed.data.signal;

/**
 * A stretch of a recording without a gap. Frames are numbered over the whole recording, gaps left out.
 *
 * @param startSeconds on the recording's clock, which is that of the annotations
 * @param firstFrame the first frame of the segment
 * @param frames how many it has, at least 1
 */
public record Segment(double startSeconds, long firstFrame, long frames) {}
