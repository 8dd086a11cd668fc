package fedbiomed.data.dicom;

import fedbiomed.data.volume.VolumeProblem;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one file's pixels are stored (PS3.5 section 8, PS3.3 C.7.6.3), each one number.
 *
 * @param rows 1 to 65,535
 * @param columns 1 to 65,535
 * @param frames at least 1
 * @param bitsAllocated 1, 8, 16 or 32
 * @param bitsStored of those, how many hold the pixel
 * @param highBit the uppermost of them
 * @param signed whether they are in two's complement
 * @param monochrome1 whether the lowest value is shown white ({@code MONOCHROME1}); {@code MONOCHROME2} if not
 */
public record PixelFormat(
        int rows,
        int columns,
        int frames,
        int bitsAllocated,
        int bitsStored,
        int highBit,
        boolean signed,
        boolean monochrome1) {
    /** What is kept of each frame must not fill the memory; a volume has hundreds of frames, a film thousands. */
    static final int MAX_FRAMES = 1 << 20;
    /** The other values of Photometric Interpretation (PS3.3 C.7.6.3.1.2). */
    private static final Set<String> COLOURS = Set.of(
            "PALETTE COLOR",
            "RGB",
            "HSV",
            "ARGB",
            "CMYK",
            "YBR_FULL",
            "YBR_FULL_422",
            "YBR_PARTIAL_422",
            "YBR_PARTIAL_420",
            "YBR_ICT",
            "YBR_RCT",
            "XYB");

    /** @throws FedbiomedException DATA_UNFIT naming the element */
    static PixelFormat of(HeaderValues values, VolumeProblem problem, long maxVoxels) {
        int samples = values.u16(Tags.SAMPLES_PER_PIXEL);
        var photometric = values.text(Tags.PHOTOMETRIC_INTERPRETATION);
        boolean monochrome1 = "MONOCHROME1".equals(photometric);
        if (samples != 1 || !monochrome1 && !"MONOCHROME2".equals(photometric)) {
            throw problem.of("its pixels are " + shown(photometric)
                    + " (" + samples + " samples per pixel); only MONOCHROME1 and MONOCHROME2 of one sample are read:"
                    + " convert it to grey values");
        }
        int rows = positive(values, problem, Tags.ROWS, "Rows");
        int columns = positive(values, problem, Tags.COLUMNS, "Columns");
        int allocated = positive(values, problem, Tags.BITS_ALLOCATED, "Bits Allocated");
        int stored = positive(values, problem, Tags.BITS_STORED, "Bits Stored");
        int high = values.has(Tags.HIGH_BIT) ? values.u16(Tags.HIGH_BIT) : stored - 1;
        if (allocated != 1 && allocated != 8 && allocated != 16 && allocated != 32) {
            throw problem.of("Bits Allocated (0028,0100) is " + allocated + "; 1, 8, 16 and 32 are read");
        }
        if (stored > allocated || high < stored - 1 || high >= allocated) {
            throw problem.of("Bits Stored (0028,0101) is " + stored + " and High Bit (0028,0102) " + high + " of "
                    + allocated + " bits allocated, which cannot be; copy it again from where it came");
        }
        int representation = values.u16(Tags.PIXEL_REPRESENTATION);
        if (representation != 0 && representation != 1) {
            throw problem.of(
                    "Pixel Representation (0028,0103) is missing or neither 0 nor 1; write it again with a DICOM"
                            + " tool");
        }
        int frames = frames(values, problem);
        if (frames > maxVoxels / ((long) rows * columns)) {
            throw problem.of("its header declares more than " + maxVoxels
                    + " pixels; if that is right, cut it into smaller files");
        }
        return new PixelFormat(rows, columns, frames, allocated, stored, high, representation == 1, monochrome1);
    }

    /** A code is; another text is not repeated: who knows what a damaged file has there. */
    private static String shown(@Nullable String photometric) {
        return photometric != null && COLOURS.contains(photometric) ? photometric : "of no known kind";
    }

    private static int positive(HeaderValues values, VolumeProblem problem, int tag, String name) {
        int value = values.u16(tag);
        if (value < 1) {
            throw problem.of(name + " " + Tags.shown(tag) + " is " + (value < 0 ? "missing" : "0")
                    + "; copy it again from where it came");
        }
        return value;
    }

    private static int frames(HeaderValues values, VolumeProblem problem) {
        var text = values.text(Tags.NUMBER_OF_FRAMES);
        if (text == null) {
            return 1;
        }
        var frames = DecimalString.parse(text, 1);
        if (frames == null || frames[0] < 1 || frames[0] > Integer.MAX_VALUE || frames[0] != Math.rint(frames[0])) {
            throw problem.of(
                    "Number of Frames (0028,0008) is no whole number above 0; write it again with a DICOM tool");
        }
        if (frames[0] > MAX_FRAMES) {
            throw problem.of("Number of Frames (0028,0008) is above " + MAX_FRAMES + "; cut it into smaller files");
        }
        return (int) frames[0];
    }

    long framePixels() {
        return (long) rows * columns;
    }

    /** Of all frames, uncompressed; those of 1 bit are packed without a gap between frames. */
    long dataBytes() {
        return (framePixels() * frames * bitsAllocated + 7) / 8;
    }

    /** As in the errors of other readers: {@code uint12 of 16 bits}. */
    String storedType() {
        return (signed ? "int" : "uint")
                + bitsStored
                + (bitsStored == bitsAllocated ? "" : " of " + bitsAllocated)
                + (bitsStored == bitsAllocated ? "" : " bits");
    }

    /**
     * Pixels from little-endian bytes, each as {@code stored * slope + intercept} in float64, rounded.
     *
     * @param firstBit where the first pixel starts in {@code raw}: a multiple of 8 unless 1 bit is allocated
     */
    void decode(byte[] raw, int firstBit, int count, Rescale rescale, float[] values) {
        int up = 31 - highBit;
        int down = 32 - bitsStored;
        int at = firstBit / 8;
        for (int i = 0; i < count; i++) {
            int cell = switch (bitsAllocated) {
                case 1 -> raw[firstBit + i >> 3] >> (firstBit + i & 7) & 1;
                case 8 -> raw[at + i];
                case 16 -> raw[at + 2 * i] & 0xFF | raw[at + 2 * i + 1] << 8;
                default ->
                    raw[at + 4 * i] & 0xFF
                            | (raw[at + 4 * i + 1] & 0xFF) << 8
                            | (raw[at + 4 * i + 2] & 0xFF) << 16
                            | raw[at + 4 * i + 3] << 24;
            };
            int left = cell << up; // what lies above the high bit falls off; what lies below the lowest goes next
            double stored = signed ? left >> down : (left >>> down) & 0xFFFFFFFFL;
            values[i] = (float) (stored * rescale.slope() + rescale.intercept());
        }
    }
}
