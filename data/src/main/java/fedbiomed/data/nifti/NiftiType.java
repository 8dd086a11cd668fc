package fedbiomed.data.nifti;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Element types of a NIfTI image that are read: {@code datatype} in nifti1.h. */
public enum NiftiType {
    UINT8(2, 1),
    INT16(4, 2),
    INT32(8, 4),
    FLOAT32(16, 4),
    FLOAT64(64, 8),
    INT8(256, 1),
    UINT16(512, 2),
    UINT32(768, 4),
    INT64(1024, 8),
    UINT64(1280, 8);

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle FLOAT = MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle DOUBLE =
            MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

    private final int code;
    private final int bytes;

    NiftiType(int code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** Size of one element. */
    public int bytes() {
        return bytes;
    }

    static @Nullable NiftiType ofCode(int code) {
        for (var type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    /** What nifti1.h calls a type that is not read. */
    static String nameOfCode(int code) {
        return switch (code) {
            case 0 -> "unknown";
            case 1 -> "binary (1 bit)";
            case 32 -> "complex64";
            case 128 -> "RGB24";
            case 1536 -> "float128";
            case 1792 -> "complex128";
            case 2048 -> "complex256";
            case 2304 -> "RGBA32";
            default -> "of no standard";
        };
    }

    /** The first {@code count} elements, little-endian, each as {@code element * slope + intercept} in float64, rounded. */
    void decode(byte[] raw, int count, double slope, double intercept, float[] values) {
        switch (this) {
            case UINT8 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = (float) ((raw[i] & 0xFF) * slope + intercept);
                }
            }
            case INT8 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = (float) (raw[i] * slope + intercept);
                }
            }
            case INT16 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = (float) ((short) SHORT.get(raw, 2 * i) * slope + intercept);
                }
            }
            case UINT16 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = (float) (((short) SHORT.get(raw, 2 * i) & 0xFFFF) * slope + intercept);
                }
            }
            case INT32 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = (float) ((int) INT.get(raw, 4 * i) * slope + intercept);
                }
            }
            case UINT32 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = (float) (((int) INT.get(raw, 4 * i) & 0xFFFFFFFFL) * slope + intercept);
                }
            }
            case INT64 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = (float) ((long) LONG.get(raw, 8 * i) * slope + intercept);
                }
            }
            case UINT64 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = (float) (unsigned((long) LONG.get(raw, 8 * i)) * slope + intercept);
                }
            }
            case FLOAT32 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = (float) ((float) FLOAT.get(raw, 4 * i) * slope + intercept);
                }
            }
            case FLOAT64 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = (float) ((double) DOUBLE.get(raw, 8 * i) * slope + intercept);
                }
            }
        }
    }

    /** The nearest double; halving keeps the lowest bit, which may decide the rounding. */
    private static double unsigned(long value) {
        return value >= 0 ? value : 2.0 * (value >>> 1 | value & 1);
    }

    /** Turns big-endian elements into little-endian ones, in place. */
    void swap(byte[] raw, int count) {
        if (bytes == 1) {
            return;
        }
        for (int at = 0; at < count * bytes; at += bytes) {
            switch (bytes) {
                case 2 -> SHORT.set(raw, at, Short.reverseBytes((short) SHORT.get(raw, at)));
                case 4 -> INT.set(raw, at, Integer.reverseBytes((int) INT.get(raw, at)));
                default -> LONG.set(raw, at, Long.reverseBytes((long) LONG.get(raw, at)));
            }
        }
    }

    /** nibabel's and NumPy's name: {@code int16}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
