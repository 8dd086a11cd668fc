package fedbiomed.data.signal.edf;

/**
 * A signal as the header describes it.
 *
 * @param scale physical units a digital step
 * @param shift the physical value of digital 0
 * @param offsetBytes where its samples begin in each data record
 */
record EdfSignal(
        String label,
        String unit,
        boolean annotations,
        double scale,
        double shift,
        int samplesPerRecord,
        int offsetBytes) {}
