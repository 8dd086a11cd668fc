package fedbiomed.data.dicom;

import java.util.HashSet;
import java.util.Set;

/** Data elements (PS3.6) that decoding and ordering need: group and element in one number. */
final class Tags {
    static final int TRANSFER_SYNTAX_UID = 0x0002_0010;
    static final int SERIES_INSTANCE_UID = 0x0020_000E;
    static final int INSTANCE_NUMBER = 0x0020_0013;
    static final int IMAGE_POSITION = 0x0020_0032;
    static final int IMAGE_ORIENTATION = 0x0020_0037;
    static final int SAMPLES_PER_PIXEL = 0x0028_0002;
    static final int PHOTOMETRIC_INTERPRETATION = 0x0028_0004;
    static final int NUMBER_OF_FRAMES = 0x0028_0008;
    static final int ROWS = 0x0028_0010;
    static final int COLUMNS = 0x0028_0011;
    static final int PIXEL_SPACING = 0x0028_0030;
    static final int BITS_ALLOCATED = 0x0028_0100;
    static final int BITS_STORED = 0x0028_0101;
    static final int HIGH_BIT = 0x0028_0102;
    static final int PIXEL_REPRESENTATION = 0x0028_0103;
    static final int RESCALE_INTERCEPT = 0x0028_1052;
    static final int RESCALE_SLOPE = 0x0028_1053;
    static final int MODALITY_LUT_SEQUENCE = 0x0028_3000;
    static final int FLOAT_PIXEL_DATA = 0x7FE0_0008;
    static final int DOUBLE_FLOAT_PIXEL_DATA = 0x7FE0_0009;
    static final int PIXEL_DATA = 0x7FE0_0010;

    static final int SHARED_FUNCTIONAL_GROUPS = 0x5200_9229;
    static final int PER_FRAME_FUNCTIONAL_GROUPS = 0x5200_9230;
    static final int PIXEL_MEASURES = 0x0028_9110;
    static final int PLANE_POSITION = 0x0020_9113;
    static final int PLANE_ORIENTATION = 0x0020_9116;
    static final int PIXEL_VALUE_TRANSFORMATION = 0x0028_9145;

    static final int ITEM = 0xFFFE_E000;
    static final int ITEM_END = 0xFFFE_E00D;
    static final int SEQUENCE_END = 0xFFFE_E0DD;

    /** The elements outside of sequences whose values are read. No other value is ever looked at. */
    static final Set<Integer> READ = read();

    private Tags() {}

    private static Set<Integer> read() {
        var tags = new HashSet<>(Set.of(
                SERIES_INSTANCE_UID,
                INSTANCE_NUMBER,
                IMAGE_POSITION,
                IMAGE_ORIENTATION,
                SAMPLES_PER_PIXEL,
                PHOTOMETRIC_INTERPRETATION,
                NUMBER_OF_FRAMES,
                ROWS,
                COLUMNS,
                PIXEL_SPACING,
                BITS_ALLOCATED,
                BITS_STORED,
                HIGH_BIT,
                PIXEL_REPRESENTATION,
                RESCALE_INTERCEPT,
                RESCALE_SLOPE));
        for (var attribute : DicomAttribute.values()) {
            tags.add(attribute.tag());
        }
        return Set.copyOf(tags);
    }

    /** Whether {@code tag}, directly within the sequence {@code parent} of a functional group, is read. */
    static boolean isReadInGroup(int parent, int tag) {
        return switch (parent) {
            case PIXEL_MEASURES ->
                tag == PIXEL_SPACING
                        || tag == DicomAttribute.SLICE_THICKNESS.tag()
                        || tag == DicomAttribute.SPACING_BETWEEN_SLICES.tag();
            case PLANE_POSITION -> tag == IMAGE_POSITION;
            case PLANE_ORIENTATION -> tag == IMAGE_ORIENTATION;
            case PIXEL_VALUE_TRANSFORMATION -> tag == RESCALE_SLOPE || tag == RESCALE_INTERCEPT;
            default -> false;
        };
    }

    /** Whether {@code tag} is a sequence that is gone into, though its length would let it be passed over. */
    static boolean isGroupSequence(int tag) {
        return switch (tag) {
            case SHARED_FUNCTIONAL_GROUPS,
                    PER_FRAME_FUNCTIONAL_GROUPS,
                    PIXEL_MEASURES,
                    PLANE_POSITION,
                    PLANE_ORIENTATION,
                    PIXEL_VALUE_TRANSFORMATION -> true;
            default -> false;
        };
    }

    /** As in the standard: {@code (0028,0010)}. */
    static String shown(int tag) {
        return String.format("(%04X,%04X)", tag >>> 16, tag & 0xFFFF);
    }
}
