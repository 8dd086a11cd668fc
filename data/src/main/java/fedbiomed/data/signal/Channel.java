package fedbiomed.data.signal;

/**
 * One signal of a recording.
 *
 * @param label as the file has it, such as {@code EEG Fpz-Cz} or {@code MLII}
 * @param unit of its physical values, such as {@code uV}; empty if the file names none
 * @param samplesPerFrame how many samples each frame of the recording holds, at least 1
 * @param rate samples a second
 */
public record Channel(String label, String unit, int samplesPerFrame, double rate) {}
