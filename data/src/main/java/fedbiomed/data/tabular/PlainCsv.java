package fedbiomed.data.tabular;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The columns of numbers of a plain CSV file, read by two threads, block by block; a file of one block by whoever asks. It gives no errors: what is not plain
 * is read by {@link CsvRows}.
 */
final class PlainCsv {
    private static final int THREADS = 2;
    static final int BLOCK_BYTES = 4 << 20;
    /** Read beyond a block for its last line; a longer one is read again. */
    private static final int USUAL_LINE_BYTES = 1 << 14;
    /** Of a line that begins in one block and ends in the next. */
    private static final int MAX_LINE_BYTES = 1 << 20;

    private final FileChannel channel;
    private final long size;
    private final char separator;
    private final int[] wanted;
    private final int columns;
    /** Of blocks that were read. */
    private final ConcurrentLinkedQueue<byte[]> buffers = new ConcurrentLinkedQueue<>();

    private PlainCsv(FileChannel channel, long size, char separator, int[] wanted, int columns) {
        this.channel = channel;
        this.size = size;
        this.separator = separator;
        this.wanted = wanted;
        this.columns = columns;
    }

    /**
     * Reads what are numbers of the wanted columns.
     *
     * @param header of the file
     * @param names those wanted, each in the header
     * @param into told the blocks in their order, with a column a name
     * @return whether the file is plain; if not, what was told is of no use
     */
    static boolean read(Path file, char separator, List<String> header, List<String> names, Consumer<CsvBlock> into) {
        var wanted = new int[header.size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = names.indexOf(header.get(i));
        }
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new PlainCsv(channel, channel.size(), separator, wanted, names.size()).read(into);
        } catch (IOException _) {
            // said better by whoever reads it next
            return false;
        }
    }

    private boolean read(Consumer<CsvBlock> into) throws IOException {
        long from = headerEnd();
        if (from < 0) {
            return false;
        }
        return size - from <= BLOCK_BYTES ? readAtOnce(from, into) : readByThreads(from, into);
    }

    private boolean readAtOnce(long from, Consumer<CsvBlock> into) throws IOException {
        if (from == size) {
            return true;
        }
        @Nullable CsvBlock block;
        try {
            block = block(from, true);
        } catch (RuntimeException _) {
            return false;
        }
        if (block != null) {
            into.accept(block);
        }
        return block != null;
    }

    private boolean readByThreads(long from, Consumer<CsvBlock> into) throws IOException {
        var running = new ArrayDeque<Future<@Nullable CsvBlock>>();
        try (var threads = Executors.newFixedThreadPool(
                THREADS, Thread.ofPlatform().daemon().name("csv-", 0).factory())) {
            try {
                for (long at = from; at < size || !running.isEmpty(); ) {
                    if (at < size && running.size() < 2 * THREADS) {
                        long begin = at;
                        running.add(threads.submit(() -> block(begin, begin == from)));
                        at += BLOCK_BYTES;
                    } else {
                        var block = running.remove().get();
                        if (block == null) {
                            return false;
                        }
                        into.accept(block);
                    }
                }
                return true;
            } finally {
                threads.shutdownNow();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Where the first line after the names begins; -1 if they are not on one plain line. */
    private long headerEnd() throws IOException {
        var bytes = bytes(0, (int) Math.min(size, MAX_LINE_BYTES));
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '"' || bytes[i] == '\r' && (i + 1 == bytes.length || bytes[i + 1] != '\n')) {
                return -1;
            }
            if (bytes[i] == '\n') {
                // an empty line before the names is for the other reader
                return i <= 1 ? -1 : i + 1;
            }
        }
        return -1;
    }

    /** The lines that begin in a block: the one that began before it is left out, the one that ends after it is not. */
    private @Nullable CsvBlock block(long begin, boolean first) throws IOException {
        long before = first ? begin : begin - 1;
        int length = (int) Math.min(size - before, BLOCK_BYTES + (begin - before));
        var buffer = Objects.requireNonNullElseGet(
                buffers.poll(), () -> new byte[(int) Math.min(size, BLOCK_BYTES + 1 + USUAL_LINE_BYTES)]);
        var text = buffer;
        int read = (int) Math.min(size - before, length + (long) USUAL_LINE_BYTES);
        fill(text, before, read);
        int to = read == length ? length : after(text, length - 1, read);
        if (to == read && before + read < size) {
            // its last line is a long one
            read = (int) Math.min(size - before, length + (long) MAX_LINE_BYTES);
            text = bytes(before, read);
            to = after(text, length - 1, read);
            if (to == read && before + read < size) {
                return null;
            }
        }
        int from = first ? 0 : after(text, 0, read);
        var block = new CsvBlock(separator, wanted, columns);
        boolean plain = block.read(text, from, Math.max(from, to));
        buffers.add(buffer);
        return plain ? block : null;
    }

    /** After the first line end at or after {@code from}, or {@code to} if there is none. */
    private static int after(byte[] text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text[i] == '\n') {
                return i + 1;
            }
        }
        return to;
    }

    private byte[] bytes(long from, int length) throws IOException {
        var bytes = new byte[length];
        fill(bytes, from, length);
        return bytes;
    }

    private void fill(byte[] into, long from, int length) throws IOException {
        var bytes = ByteBuffer.wrap(into, 0, length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, from + bytes.position()) < 0) {
                throw new IOException("it became shorter while it was read");
            }
        }
    }
}
