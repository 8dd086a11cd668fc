package fedbiomed.data.dicom;

import fedbiomed.data.volume.VolumeProblem;
import fedbiomed.vocabulary.FedbiomedException;

/** RLE Lossless (PS3.5 annex G): a frame's bytes by significance, the highest of all pixels first, each run-length coded. */
final class PackBits {
    /** Two bytes make at most 128. */
    static final int MAX_RATIO = 64;

    private static final int HEADER_BYTES = 64;
    private static final int MAX_SEGMENTS = 15;

    private PackBits() {}

    /**
     * One frame, little-endian.
     *
     * @param pixels of the frame, each of {@code pixelBytes}
     * @throws FedbiomedException DATA_UNFIT if the segments do not fit, or end too early
     */
    static byte[] decode(byte[] coded, int pixels, int pixelBytes, VolumeProblem problem) {
        int segments = coded.length < HEADER_BYTES ? 0 : i32(coded, 0);
        if (segments != pixelBytes || segments > MAX_SEGMENTS) {
            throw problem.of("a frame's RLE header names " + segments + " segments where its pixels have " + pixelBytes
                    + " bytes; copy it again from where it came");
        }
        if ((long) pixels * pixelBytes > (long) coded.length * MAX_RATIO) {
            throw problem.of("a frame of " + coded.length + " RLE bytes cannot hold " + pixels
                    + " pixels; copy it again from where it came");
        }
        var raw = new byte[pixels * pixelBytes];
        for (int segment = 0; segment < segments; segment++) {
            int from = i32(coded, 4 + 4 * segment);
            int to = segment + 1 < segments ? i32(coded, 8 + 4 * segment) : coded.length;
            if (from < HEADER_BYTES
                    || to < from
                    || to > coded.length
                    || !expand(coded, from, to, raw, pixelBytes - 1 - segment, pixelBytes)) {
                throw problem.of("a frame's RLE segment " + (segment + 1)
                        + " does not give one byte a pixel; copy it again from where it came");
            }
        }
        return raw;
    }

    /** Whether the segment had a byte for each pixel; what it has beyond them is padding. */
    private static boolean expand(byte[] coded, int from, int to, byte[] raw, int first, int step) {
        int out = first;
        int in = from;
        while (out < raw.length) {
            if (in >= to) {
                return false;
            }
            int count = coded[in++];
            if (count >= 0) {
                for (int i = 0; i <= count && out < raw.length; i++, out += step) {
                    if (in >= to) {
                        return false;
                    }
                    raw[out] = coded[in++];
                }
            } else if (count != -128) {
                if (in >= to) {
                    return false;
                }
                byte value = coded[in++];
                for (int i = 0; i <= -count && out < raw.length; i++, out += step) {
                    raw[out] = value;
                }
            }
        }
        return true;
    }

    private static int i32(byte[] bytes, int at) {
        return bytes[at] & 0xFF | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF) << 16 | bytes[at + 3] << 24;
    }
}
