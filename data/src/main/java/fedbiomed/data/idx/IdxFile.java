package fedbiomed.data.idx;

import fedbiomed.data.file.FileProblem;
import fedbiomed.data.file.Unpacked;
import fedbiomed.parameters.DType;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An array in an IDX file, as LeCun's page on MNIST describes it: two zero bytes, a byte for the type, one for the number
 * of dimensions, the sizes as big-endian 32-bit integers, then the elements, big-endian. A plain file is mapped; one
 * that is compressed by gzip (RFC 1952) is unpacked into memory.
 */
final class IdxFile {
    private static final int MAX_DIMENSIONS = 8;
    /** More than any file has. */
    private static final long MAX_BYTES = 1L << 50;

    /** Of a compressed file. */
    private static final long MAX_UNPACKED_BYTES = 1L << 30;

    private static final int MAGIC_BYTES = 4;

    private final DType dtype;
    private final long[] shape;
    private final MemorySegment data;

    private IdxFile(DType dtype, long[] shape, MemorySegment data) {
        this.dtype = dtype;
        this.shape = shape;
        this.data = data;
    }

    /** @throws FedbiomedException DATA_UNFIT if it is no IDX file, is cut off or has bytes behind its end */
    static IdxFile open(Path file) {
        boolean compressed = Unpacked.isGzip(file);
        try (var in = new BufferedInputStream(Unpacked.open(file))) {
            var header = header(file, in);
            long bytes = header.bytes;
            if (compressed) {
                return new IdxFile(header.dtype, header.shape, unpacked(file, in, bytes));
            }
            long start = MAGIC_BYTES + 4L * header.shape.length;
            if (Files.size(file) != start + bytes) {
                throw unfit(
                        file,
                        "its header tells of " + bytes + " bytes of elements, the file has "
                                + (Files.size(file) - start) + "; it is cut off or broken: get it again");
            }
            try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return new IdxFile(
                        header.dtype,
                        header.shape,
                        channel.map(FileChannel.MapMode.READ_ONLY, start, bytes, Arena.ofAuto()));
            }
        } catch (EOFException e) {
            throw unfit(file, "it ends too early; it is cut off or broken: get it again");
        } catch (IOException e) {
            throw new FileProblem(file).unreadable(e);
        }
    }

    /** @param bytes of all elements */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Header(DType dtype, long[] shape, long bytes) {}

    private static Header header(Path file, InputStream in) throws IOException {
        var magic = exactly(in, MAGIC_BYTES);
        var dtype = switch (magic[2]) {
            case 0x08 -> DType.U8;
            case 0x09 -> DType.I8;
            case 0x0B -> DType.I16;
            case 0x0C -> DType.I32;
            case 0x0D -> DType.F32;
            case 0x0E -> DType.F64;
            default -> throw unfit(file, "it is no IDX file");
        };
        int dimensions = magic[3];
        if (magic[0] != 0 || magic[1] != 0 || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw unfit(file, "it is no IDX file of 1 to " + MAX_DIMENSIONS + " dimensions");
        }
        var sizes = ByteBuffer.wrap(exactly(in, 4 * dimensions)).order(ByteOrder.BIG_ENDIAN);
        var shape = new long[dimensions];
        long bytes = dtype.bytes();
        for (int i = 0; i < dimensions; i++) {
            shape[i] = sizes.getInt();
            if (shape[i] < 1 || shape[i] > MAX_BYTES / bytes) {
                throw unfit(
                        file,
                        "its header has the sizes " + java.util.Arrays.toString(shape)
                                + ", which no file holds; it is broken: get it again");
            }
            bytes *= shape[i];
        }
        return new Header(dtype, shape, bytes);
    }

    private static MemorySegment unpacked(Path file, InputStream in, long bytes) throws IOException {
        if (bytes > MAX_UNPACKED_BYTES) {
            throw unfit(
                    file,
                    "unpacked it has " + bytes + " bytes; compressed files of up to " + MAX_UNPACKED_BYTES
                            + " are read: unpack it (gunzip), a file that is not compressed may be of any size");
        }
        // as it comes, not as the header promises
        var read = in.readNBytes((int) bytes);
        if (read.length < bytes || in.read() >= 0) {
            throw unfit(
                    file,
                    "its header tells of " + bytes + " bytes of elements, and it holds "
                            + (read.length < bytes ? read.length : "more") + "; it is broken: get it again");
        }
        return MemorySegment.ofArray(read);
    }

    private static byte[] exactly(InputStream in, int bytes) throws IOException {
        var read = in.readNBytes(bytes);
        if (read.length < bytes) {
            throw new EOFException();
        }
        return read;
    }

    DType dtype() {
        return dtype;
    }

    /** Samples first. */
    long[] shape() {
        return shape.clone();
    }

    /** Copies one sample, little-endian. */
    void read(int sample, MemorySegment into) {
        long bytes = data.byteSize() / shape[0];
        var from = data.asSlice(sample * bytes, bytes);
        int width = dtype.bytes();
        for (long at = 0; at < bytes; at += width) {
            for (int i = 0; i < width; i++) {
                into.set(ValueLayout.JAVA_BYTE, at + i, from.get(ValueLayout.JAVA_BYTE, at + width - 1 - i));
            }
        }
    }

    static FedbiomedException unfit(Path file, String what) {
        return new FileProblem(file).of(what);
    }
}
