package fedbiomed.parameters;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A safetensors file whose elements are written in stretches of up to {@link Elements#MAX}, by one thread. */
final class StretchFile implements AutoCloseable {
    private final AsideFile file;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment buffer = arena.allocate((long) Elements.MAX * Double.BYTES);
    private final Elements elements = new Elements();
    private final long dataStart;

    private StretchFile(AsideFile file, long dataStart) {
        this.file = file;
        this.dataStart = dataStart;
    }

    static StretchFile of(Path target, Header header) throws IOException {
        var file = AsideFile.of(target);
        try {
            var prefix = header.encode();
            file.write(ByteBuffer.wrap(prefix), 0);
            return new StretchFile(file, prefix.length);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** @param at the first byte's place in the data */
    void write(double[] values, int n, DType dtype, long at) throws IOException {
        flush(elements.store(values, n, dtype, buffer), at);
    }

    void write(byte[] values, int n, long at) throws IOException {
        MemorySegment.copy(values, 0, buffer, ValueLayout.JAVA_BYTE, 0, n);
        flush(buffer.asSlice(0, n), at);
    }

    void write(int[] values, int n, long at) throws IOException {
        MemorySegment.copy(values, 0, buffer, Layouts.I32, 0, n);
        flush(buffer.asSlice(0, (long) n * Integer.BYTES), at);
    }

    /** All of a tensor. */
    void copy(Tensor tensor, long at) throws IOException {
        long bytes = tensor.sizeBytes();
        for (long from = 0; from < bytes; from += buffer.byteSize()) {
            long some = Math.min(buffer.byteSize(), bytes - from);
            MemorySegment.copy(tensor.data(), from, buffer, 0, some);
            flush(buffer.asSlice(0, some), at + from);
        }
    }

    private void flush(MemorySegment written, long at) throws IOException {
        file.write(written.asByteBuffer(), dataStart + at);
    }

    /** A power cut may take it. */
    void rename() throws IOException {
        file.rename();
    }

    void commit() throws IOException {
        file.commit();
    }

    @Override
    public void close() throws IOException {
        arena.close();
        file.close();
    }
}
