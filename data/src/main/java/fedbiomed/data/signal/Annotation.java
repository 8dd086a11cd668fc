package fedbiomed.data.signal;

/**
 * A remark on a stretch or a point of a recording.
 *
 * @param onsetSeconds on the recording's clock
 * @param durationSeconds 0 for a point, or where the file says none
 * @param text the remark: free text in EDF+, so that it may hold a patient's name and goes into no error
 */
public record Annotation(double onsetSeconds, double durationSeconds, String text) {}
