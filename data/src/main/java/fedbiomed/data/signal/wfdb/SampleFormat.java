package fedbiomed.data.signal.wfdb;

/** How a signal file packs its samples (signal(5)); each value that a format cannot spare marks a missing sample. */
enum SampleFormat {
    /** 16 bit two's complement, little-endian. */
    F16(Short.MIN_VALUE) {
        @Override
        long position(long sample) {
            return 2 * sample;
        }

        @Override
        int digital(byte[] bytes, int at, boolean second) {
            return (short) ((bytes[at] & 0xFF) | bytes[at + 1] << 8);
        }

        @Override
        long samples(long sizeBytes) {
            return sizeBytes / 2;
        }
    },
    /** Two 12 bit samples in three bytes: the middle one has the upper bits of both. */
    F212(-2048) {
        @Override
        long position(long sample) {
            // the second of a pair begins with the middle byte
            return sample / 2 * 3 + sample % 2;
        }

        @Override
        int digital(byte[] bytes, int at, boolean second) {
            int value = second
                    ? (bytes[at] & 0xF0) << 4 | (bytes[at + 1] & 0xFF)
                    : (bytes[at] & 0xFF) | (bytes[at + 1] & 0x0F) << 8;
            return value << 20 >> 20;
        }

        @Override
        long samples(long sizeBytes) {
            return sizeBytes / 3 * 2 + (sizeBytes % 3 == 2 ? 1 : 0);
        }
    };

    /** The digital value that stands for no sample. */
    final int missing;

    SampleFormat(int missing) {
        this.missing = missing;
    }

    /** In the file, from the first sample's byte on; the sample takes this byte and the next one. */
    abstract long position(long sample);

    /** @param second whether the sample's number in the file is odd */
    abstract int digital(byte[] bytes, int at, boolean second);

    /** How many whole samples so many bytes hold. */
    abstract long samples(long sizeBytes);
}
