package fedbiomed.data.signal.edf;

import fedbiomed.vocabulary.Text;

/** What the header says of one signal: first all labels, then all transducers, and so on. */
record SignalFields(HeaderText text, int count, int index) {
    private static final int LABEL = 0;
    private static final int UNIT = 96;
    private static final int PHYSICAL_MIN = 104;
    private static final int PHYSICAL_MAX = 112;
    private static final int DIGITAL_MIN = 120;
    private static final int DIGITAL_MAX = 128;
    private static final int SAMPLES = 216;

    /** Where a field of this signal begins, given how many bytes the fields before it take for each signal. */
    private int at(int before, int length) {
        return 256 + before * count + length * index;
    }

    int samplesPerRecord() {
        return (int) text.whole(
                at(SAMPLES, 8), 8, "the number of samples of signal " + (index + 1), 1, EdfHeader.MAX_RECORD_BYTES / 3);
    }

    EdfSignal signal(boolean bdf, boolean plus, int offsetBytes) {
        var label = text.text(at(LABEL, 16), 16);
        var unit = text.text(at(UNIT, 8), 8);
        if (plus && label.equals(bdf ? "BDF Annotations" : "EDF Annotations")) {
            return new EdfSignal(label, unit, true, 1, 0, samplesPerRecord(), offsetBytes);
        }
        var of = " of signal '" + Text.shown(label) + "'";
        double physicalMin = text.number(at(PHYSICAL_MIN, 8), 8, "the physical minimum" + of);
        double physicalMax = text.number(at(PHYSICAL_MAX, 8), 8, "the physical maximum" + of);
        int limit = bdf ? 1 << 23 : 1 << 15;
        long digitalMin = text.whole(at(DIGITAL_MIN, 8), 8, "the digital minimum" + of, -limit, limit - 1);
        long digitalMax = text.whole(at(DIGITAL_MAX, 8), 8, "the digital maximum" + of, -limit, limit - 1);
        if (digitalMax <= digitalMin || physicalMax == physicalMin) {
            throw text.problem()
                    .at(
                            "byte " + at(PHYSICAL_MIN, 8),
                            "the range" + of + " is empty (physical " + physicalMin + " to " + physicalMax
                                    + ", digital "
                                    + digitalMin + " to " + digitalMax
                                    + "), so that its values mean nothing; export the file again with its calibration,"
                                    + " or without the signal");
        }
        double scale = (physicalMax - physicalMin) / (digitalMax - digitalMin);
        return new EdfSignal(
                label, unit, false, scale, physicalMin - scale * digitalMin, samplesPerRecord(), offsetBytes);
    }
}
