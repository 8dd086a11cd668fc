package fedbiomed.data.dicom;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The header fields that may be used as demographics or shown: an allow-list of what is about the body and the scan, never
 * about who and when. A value that does not look as the standard (PS3.6) says of its kind is taken as missing, so that a
 * name typed into the wrong field stays where it is. Free texts (descriptions, comments, protocol names), dates,
 * identifiers, institutions and persons are not here, and adding one is a decision about privacy: see the Retain Patient
 * Characteristics and Retain Device Identity options of PS3.15 annex E.
 */
public enum DicomAttribute {
    /** {@code M}, {@code F} or {@code O}. */
    PATIENT_SEX(0x0010_0040, Kind.SEX),
    /** As {@code 045Y}, {@code 018M}, {@code 003W} or {@code 010D}; as a number, years. */
    PATIENT_AGE(0x0010_1010, Kind.AGE),
    /** Height, m. */
    PATIENT_SIZE(0x0010_1020, Kind.NUMBER),
    /** kg. */
    PATIENT_WEIGHT(0x0010_1030, Kind.NUMBER),
    SMOKING_STATUS(0x0010_21A0, Kind.CODE),
    /** Values separated by a backslash, such as {@code ORIGINAL\PRIMARY\AXIAL}. */
    IMAGE_TYPE(0x0008_0008, Kind.CODE),
    MODALITY(0x0008_0060, Kind.CODE),
    MANUFACTURER(0x0008_0070, Kind.PRODUCT),
    MANUFACTURER_MODEL_NAME(0x0008_1090, Kind.PRODUCT),
    BODY_PART_EXAMINED(0x0018_0015, Kind.CODE),
    SCANNING_SEQUENCE(0x0018_0020, Kind.CODE),
    SEQUENCE_VARIANT(0x0018_0021, Kind.CODE),
    MR_ACQUISITION_TYPE(0x0018_0023, Kind.CODE),
    /** mm. */
    SLICE_THICKNESS(0x0018_0050, Kind.NUMBER),
    /** Peak kilovoltage, kV. */
    KVP(0x0018_0060, Kind.NUMBER),
    /** ms. */
    REPETITION_TIME(0x0018_0080, Kind.NUMBER),
    /** ms. */
    ECHO_TIME(0x0018_0081, Kind.NUMBER),
    /** ms. */
    INVERSION_TIME(0x0018_0082, Kind.NUMBER),
    /** T. */
    MAGNETIC_FIELD_STRENGTH(0x0018_0087, Kind.NUMBER),
    /** mm, between the slices' centres. */
    SPACING_BETWEEN_SLICES(0x0018_0088, Kind.NUMBER),
    ECHO_TRAIN_LENGTH(0x0018_0091, Kind.NUMBER),
    /** mm. */
    RECONSTRUCTION_DIAMETER(0x0018_1100, Kind.NUMBER),
    /** ms. */
    EXPOSURE_TIME(0x0018_1150, Kind.NUMBER),
    /** mA. */
    X_RAY_TUBE_CURRENT(0x0018_1151, Kind.NUMBER),
    /** Degrees. */
    FLIP_ANGLE(0x0018_1314, Kind.NUMBER),
    PATIENT_POSITION(0x0018_5100, Kind.CODE),
    VIEW_POSITION(0x0018_5101, Kind.CODE),
    LATERALITY(0x0020_0060, Kind.CODE),
    IMAGE_LATERALITY(0x0020_0062, Kind.CODE);

    private enum Kind {
        SEX("[MFO]"),
        AGE("\\d{3}[DWMY]"),
        /** Decimal and integer strings. */
        NUMBER(DecimalString.PATTERN),
        /** Code strings, one or more. */
        CODE("[A-Z0-9 _]{1,16}(\\\\[A-Z0-9 _]{1,16}){0,15}"),
        /** Names that a machine's maker gave; a caret would part a person's. */
        PRODUCT("[ -~&&[^\\\\^]]{1,64}");

        private final Pattern pattern;

        Kind(String pattern) {
            this.pattern = Pattern.compile(pattern);
        }
    }

    private static final Set<String> ABBREVIATIONS = Set.of("KVP", "MR");

    private final int tag;
    private final Kind kind;

    DicomAttribute(int tag, Kind kind) {
        this.tag = tag;
        this.kind = kind;
    }

    /** The standard's keyword: {@code PatientAge}. */
    public String keyword() {
        return Arrays.stream(name().split("_", -1))
                .map(word -> ABBREVIATIONS.contains(word)
                        ? word
                        : word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    /** Whether its values are numbers, as {@link #number} gives them. */
    boolean isNumber() {
        return kind == Kind.NUMBER || kind == Kind.AGE;
    }

    /** Group and element, as {@code 0x00100040}. */
    int tag() {
        return tag;
    }

    /** Whether {@code value} is as the standard says of this attribute. */
    boolean fits(String value) {
        return kind.pattern.matcher(value).matches();
    }

    /** The value as a number, an age in years; {@code null} for one that is none. */
    @Nullable
    Double number(String value) {
        return switch (kind) {
            case NUMBER -> Double.valueOf(value);
            case AGE -> {
                int count = Integer.parseInt(value.substring(0, 3));
                yield switch (value.charAt(3)) {
                    case 'D' -> count / 365.25;
                    case 'W' -> count * 7 / 365.25;
                    case 'M' -> count / 12.0;
                    default -> (double) count;
                };
            }
            case SEX, CODE, PRODUCT -> null;
        };
    }
}
