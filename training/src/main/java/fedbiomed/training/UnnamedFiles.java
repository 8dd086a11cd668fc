package fedbiomed.training;

import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.SampleSource;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.FedbiomedException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A source whose errors do not say what its files are called, for a hospital's files may be called by its patients: what
 * fails here is told to the researcher. The error itself is the cause, which stays in the node's own log.
 */
record UnnamedFiles(SampleSource source) implements SampleSource {
    static UnnamedFiles open(Supplier<SampleSource> opener) {
        return new UnnamedFiles(opened(opener));
    }

    /** What opens a dataset, without the names of files in its errors. */
    static <T> T opened(Supplier<T> opener) {
        return unnamed("the dataset cannot be read; its data manager finds the file in the node's own log", opener);
    }

    private static <T> T unnamed(String what, Supplier<T> action) {
        try {
            return action.get();
        } catch (FedbiomedException e) {
            throw new FedbiomedException(e.code(), what, e);
        }
    }

    @Override
    public int samples() {
        return source.samples();
    }

    @Override
    public List<ColumnDescription> columns() {
        return source.columns();
    }

    @Override
    public void read(String array, int sample, MemorySegment into) {
        unnamed(
                "sample " + sample
                        + " of the dataset cannot be read; its data manager finds the file in the node's own log",
                () -> {
                    source.read(array, sample, into);
                    return sample;
                });
    }

    @Override
    public @Nullable String[] texts(String column) {
        return source.texts(column);
    }

    @Override
    public void requireSound(ReadProgress progress) {
        unnamed("the dataset is not fit; its data manager finds the file in the node's own log", () -> {
            source.requireSound(progress);
            return true;
        });
    }

    @Override
    public String fingerprint() {
        return source.fingerprint();
    }
}
