package fedbiomed.data.signal.wfdb;

/**
 * A signal as the header describes it.
 *
 * @param file its name, in the header's folder
 * @param skewFrames by how many frames its samples lie too late in the file
 * @param offsetBytes before the first sample
 * @param gain digital steps a physical unit
 * @param baseline the digital value of physical 0
 */
record WfdbSignal(
        String file,
        SampleFormat format,
        int samplesPerFrame,
        int skewFrames,
        long offsetBytes,
        double gain,
        int baseline,
        String unit,
        String label) {}
