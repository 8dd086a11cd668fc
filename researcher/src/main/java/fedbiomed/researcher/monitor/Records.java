package fedbiomed.researcher.monitor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * How TensorFlow frames records in a file ({@code tensorflow/core/lib/io/record_writer.h}): length (8 bytes,
 * little-endian), its masked CRC-32C, the data, their masked CRC-32C.
 */
final class Records {
    private static final int MASK_DELTA = 0xa282ead8;
    private static final int MASK_ROTATION = 15;

    private Records() {}

    static ByteBuffer framed(byte[] data) {
        var record = ByteBuffer.allocate(Long.BYTES + 2 * Integer.BYTES + data.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(masked(record.array(), Long.BYTES));
        record.put(data);
        record.putInt(masked(data, data.length));
        return record.flip();
    }

    /** A checksum of data that hold checksums is weak unless these are masked ({@code core/lib/hash/crc32c.h}). */
    private static int masked(byte[] bytes, int length) {
        var crc = new CRC32C();
        crc.update(bytes, 0, length);
        return Integer.rotateRight((int) crc.getValue(), MASK_ROTATION) + MASK_DELTA;
    }
}
