package fedbiomed.data.tabular;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Records of one length, little endian, one a row of a table: written once, one after the other, then mapped. Rows and
 * not columns lie together, since batches are made of rows in any order: a row is then one page of the disk.
 */
final class SpillFile {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Spill spill;
    private final Path file;
    private final int recordBytes;
    private final FileChannel channel;
    private ByteBuffer buffer;
    private long records;

    /** @param recordsAtATime how many are filled in before {@link #end} is called, at the most */
    SpillFile(Spill spill, Path file, int recordBytes, int recordsAtATime) {
        this.spill = spill;
        this.file = file;
        this.recordBytes = recordBytes;
        int held = Math.max(recordsAtATime, BUFFER_BYTES / recordBytes);
        this.buffer = ByteBuffer.allocate(Math.multiplyExact(held, recordBytes)).order(ByteOrder.LITTLE_ENDIAN);
        this.channel = spill.open(file);
    }

    private int place(int record, int offset) {
        return buffer.position() + record * recordBytes + offset;
    }

    /** @param record from 0, of those that were not ended yet */
    void putDouble(int record, int offset, double value) {
        buffer.putDouble(place(record, offset), value);
    }

    void putInt(int record, int offset, int value) {
        buffer.putInt(place(record, offset), value);
    }

    void putLong(int record, int offset, long value) {
        buffer.putLong(place(record, offset), value);
    }

    void putByte(int record, int offset, byte value) {
        buffer.put(place(record, offset), value);
    }

    /** So many may be filled in before the next {@link #end}. */
    int room() {
        return buffer.remaining() / recordBytes;
    }

    /** The next records are complete. */
    void end(int complete) {
        buffer.position(buffer.position() + complete * recordBytes);
        records += complete;
    }

    /** Makes room for so many, at most {@code recordsAtATime}. */
    void require(int more) {
        if (room() < more) {
            flush();
        }
    }

    private void flush() {
        spill.write(channel, buffer.flip());
        buffer.clear();
    }

    long records() {
        return records;
    }

    int recordBytes() {
        return recordBytes;
    }

    /** All records, after which none is added. */
    MemorySegment map() {
        flush();
        buffer = ByteBuffer.allocate(0);
        return spill.map(channel);
    }

    /** Deletes it; returns how long it was. */
    long discard() {
        try (channel) {
            long bytes = channel.isOpen() ? channel.size() : 0;
            Files.deleteIfExists(file);
            return bytes;
        } catch (IOException _) {
            // it goes with the worker's folder
            return 0;
        }
    }
}
