package fedbiomed.data.source;

import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.FedbiomedException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Samples of arrays of any shape, read from their files when they are needed, and columns with one value a sample beside
 * them (a label, an age). What an array is, {@link ColumnDescription#dtype} and {@link ColumnDescription#shape} say; a
 * column without dtype is text. Several threads may read at a time. It holds no file open between reads, or only until
 * it is no longer reachable.
 */
public interface SampleSource {
    int samples();

    /** The arrays and columns, in an order that the same content always has. */
    List<ColumnDescription> columns();

    /**
     * Reads one sample of an array.
     *
     * @param array one of {@link #columns} with a dtype
     * @param sample 0 to {@link #samples} - 1
     * @param into as long as a sample of the array; C order, little endian; aligned or not
     * @throws FedbiomedException DATA_UNFIT naming the file and the remedy
     */
    void read(String array, int sample, MemorySegment into);

    /**
     * A column of text, a value a sample; {@code null} where one is missing.
     *
     * @throws IllegalArgumentException if there is no such column, or it is an array
     */
    @Nullable
    String[] texts(String column);

    /**
     * Reads everything once.
     *
     * @param progress told how far it is, where that takes long
     * @throws FedbiomedException DATA_UNFIT naming file, place and remedy, never a value, if anything in it cannot be read
     *     or trained on
     */
    void requireSound(ReadProgress progress);

    /** What the data manager should know of the reading, such as who was left out; may name files, and stays at the node. */
    default List<String> notes() {
        return List.of();
    }

    /** As {@link #requireSound(ReadProgress)}, while nobody watches. */
    default void requireSound() {
        requireSound(ReadProgress.NONE);
    }

    /** SHA-256 over all that is read, 64 lower-case hexadecimal digits. */
    String fingerprint();
}
