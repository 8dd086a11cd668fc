package fedbiomed.parameters;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Model files in the safetensors format (<a href="https://github.com/huggingface/safetensors">its specification</a>):
 * the header's length (8 bytes, little-endian), a JSON header, the tensors' bytes. A file that we write loads into
 * PyTorch as it is.
 */
public final class Safetensors {
    private static final int COPY_BYTES = 1 << 20;

    private Safetensors() {}

    /**
     * Maps a file. Nothing in it is believed unchecked: header length, dtypes, shapes, sizes and offsets. Tensors come in
     * the header's order.
     *
     * @throws FedbiomedException BAD_MESSAGE saying which field is wrong; PARAMETERS_UNAVAILABLE if it cannot be read
     */
    @SuppressWarnings("MustBeClosedChecker") // MappedParameters owns the arena
    public static MappedParameters open(Path file) {
        var arena = Arena.ofShared();
        try {
            var parameters = parameters(file, map(file, arena));
            return new MappedParameters(arena, parameters);
        } catch (Throwable t) {
            arena.close();
            throw t;
        }
    }

    /**
     * As {@link #open}, mapped for as long as one of the tensors is reachable: for data that many hands share. The file is
     * unmapped when the garbage collector notices, not at once.
     */
    public static Parameters map(Path file) {
        return parameters(file, map(file, Arena.ofAuto()));
    }

    private static MemorySegment map(Path file, Arena arena) {
        if (Files.isDirectory(file)) {
            throw unavailable(file, "it is a folder", null);
        }
        try (var channel = FileChannel.open(file)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (NoSuchFileException e) {
            throw unavailable(file, "there is no such file", e);
        } catch (IOException e) {
            throw unavailable(file, e.getClass().getSimpleName(), e);
        }
    }

    private static Parameters parameters(Path file, MemorySegment whole) {
        var problem = new HeaderProblem(file);
        if (whole.byteSize() < Header.LENGTH_BYTES) {
            throw problem.of("it has " + whole.byteSize() + " bytes, too few for a header");
        }
        long headerBytes = whole.get(Layouts.I64, 0);
        long dataStart = Header.LENGTH_BYTES + headerBytes;
        if (headerBytes < 0 || headerBytes > Header.MAX_BYTES) {
            throw problem.of("its header would have " + Long.toUnsignedString(headerBytes) + " bytes; at most "
                    + Header.MAX_BYTES + " are read");
        }
        if (dataStart > whole.byteSize()) {
            throw problem.of(
                    "it is cut short: the header ends at byte " + dataStart + ", the file at " + whole.byteSize());
        }
        var json = whole.asSlice(Header.LENGTH_BYTES, headerBytes).asByteBuffer();
        var data = whole.asSlice(dataStart);
        var header = new HeaderReader(problem).read(json, data.byteSize());
        try {
            return parameters(header, data);
        } catch (IllegalArgumentException e) {
            throw problem.of(String.valueOf(e.getMessage()), e);
        }
    }

    private static Parameters parameters(Header header, MemorySegment data) {
        var builder = Parameters.builder();
        for (var entry : header.entries()) {
            builder.put(
                    entry.name(),
                    Tensor.of(entry.dtype(), entry.shape(), data.asSlice(entry.begin(), entry.end() - entry.begin())));
        }
        header.metadata().forEach(builder::metadata);
        return builder.build();
    }

    /**
     * Writes a file aside (readable by its owner alone), makes it durable and renames it. The same parameters give the
     * same bytes: tensors in their order, metadata sorted by key.
     *
     * @throws FedbiomedException INTERNAL if the disk is full or the folder missing; UNSUPPORTED if there are more
     *     tensors or metadata than {@link #open} would read
     */
    public static void write(Path file, Parameters parameters) {
        write(file, parameters, AsideFile::commit);
    }

    /** As {@link #write}, of a file that lives as long as a job: a power cut may take it. */
    public static void writePassing(Path file, Parameters parameters) {
        write(file, parameters, AsideFile::rename);
    }

    private interface Ending {
        void end(AsideFile file) throws IOException;
    }

    private static void write(Path file, Parameters parameters, Ending ending) {
        var prefix = Header.of(parameters).encode();
        try (var arena = Arena.ofConfined();
                var out = AsideFile.of(file)) {
            out.write(ByteBuffer.wrap(prefix), 0);
            long position = prefix.length;
            long largest = parameters.tensors().values().stream()
                    .mapToLong(Tensor::sizeBytes)
                    .max()
                    .orElse(0);
            var copy = arena.allocate(Math.min(COPY_BYTES, largest));
            for (var tensor : parameters.tensors().values()) {
                write(tensor.data(), copy, out, position);
                position += tensor.sizeBytes();
            }
            ending.end(out);
        } catch (IOException e) {
            throw notWritten(file, e);
        }
    }

    /** By way of a buffer: a heap segment of floats, say, cannot be written as it is. */
    private static void write(MemorySegment data, MemorySegment copy, AsideFile out, long position) throws IOException {
        for (long from = 0; from < data.byteSize(); from += COPY_BYTES) {
            long bytes = Math.min(COPY_BYTES, data.byteSize() - from);
            MemorySegment.copy(data, from, copy, 0, bytes);
            out.write(copy.asSlice(0, bytes).asByteBuffer(), position + from);
        }
    }

    static FedbiomedException notWritten(Path file, IOException e) {
        return new FedbiomedException(
                ErrorCode.INTERNAL,
                "cannot write " + file.getFileName() + " (" + e.getClass().getSimpleName()
                        + "); check that its folder exists, is writable and has room",
                e);
    }

    private static FedbiomedException unavailable(Path file, String why, @Nullable IOException e) {
        var text = "cannot read parameters from " + file.getFileName() + ": " + why;
        return e == null
                ? new FedbiomedException(ErrorCode.PARAMETERS_UNAVAILABLE, text)
                : new FedbiomedException(ErrorCode.PARAMETERS_UNAVAILABLE, text, e);
    }
}
