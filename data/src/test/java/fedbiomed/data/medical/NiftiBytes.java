package fedbiomed.data.medical;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;

/** A NIfTI-1 image of float32, as the specification (nifti1.h) says, for tests that need one of another shape or content. */
final class NiftiBytes {
    private static final int HEADER_BYTES = 352;

    private NiftiBytes() {}

    /** @param values i fastest; 1 mm apart, to the right, the front and upwards */
    static byte[] of(int[] shape, float... values) {
        var bytes = ByteBuffer.allocate(HEADER_BYTES + 4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0, 348).putShort(40, (short) shape.length);
        for (int i = 0; i < 7; i++) {
            bytes.putShort(42 + 2 * i, (short) (i < shape.length ? shape[i] : 1));
            bytes.putFloat(80 + 4 * i, 1);
        }
        bytes.putShort(70, (short) 16).putShort(72, (short) 32).putFloat(108, HEADER_BYTES);
        bytes.put(123, (byte) 2).putShort(254, (short) 1); // mm; an sform
        bytes.putFloat(280, 1).putFloat(300, 1).putFloat(320, 1);
        bytes.put(344, new byte[] {'n', '+', '1', 0});
        bytes.position(HEADER_BYTES);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    /** All of one value. */
    static byte[] filled(float value, int... shape) {
        int voxels = 1;
        for (int size : shape) {
            voxels *= size;
        }
        var values = new float[voxels];
        java.util.Arrays.fill(values, value);
        return of(shape, values);
    }

    /** Compressed where the name ends in {@code .gz}; folders are made. */
    static Path write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        if (!file.toString().endsWith(".gz")) {
            return Files.write(file, bytes);
        }
        try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(bytes);
        }
        return file;
    }
}
