package fedbiomed.training;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.DataFolder;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.Table;
import fedbiomed.data.tabular.TableSpace;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table that was read last, kept for the next job while its file is the same and memory allows; one that lies in files
 * always, and they go when another is read. A table cannot be
 * changed, and no plan gets it: what plans work with is copied out of it, so that a job on a kept table does what it
 * does on one that was read anew.
 */
final class KeptTable implements AutoCloseable {
    private final TableSpace space;
    private @Nullable Content content;
    private @Nullable Table spilled;
    private SoftReference<@Nullable Table> table = new SoftReference<>(null);

    KeptTable(TableSpace space) {
        this.space = space;
    }

    TableSpace space() {
        return space;
    }

    /** What tells that the same would be read again. */
    private record Content(
            StoredDataset data,
            List<String> columns,
            long bytes,
            FileTime changed,
            @Nullable Object inode) {
        /** {@code null} where there is no such file: reading it says so better. */
        static @Nullable Content of(StoredDataset data, List<String> columns) {
            try {
                var attributes = Files.readAttributes(data.path(), BasicFileAttributes.class);
                // a folder's own times do not tell that a file in it was written
                Object inode =
                        attributes.isDirectory() ? DataFolder.of(data.path()).state() : attributes.fileKey();
                return new Content(data, columns, attributes.size(), attributes.lastModifiedTime(), inode);
            } catch (IOException _) {
                return null;
            }
        }
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException as {@link DatasetKinds#read} */
    synchronized Table read(StoredDataset data, List<String> columns) {
        var now = Content.of(data, columns);
        var kept = spilled == null ? table.get() : spilled;
        if (kept != null && now != null && now.equals(content)) {
            return kept;
        }
        close();
        var read = DatasetKinds.read(data, columns, space);
        spilled = read.isSpilled() ? read : null;
        // one that was written meanwhile is read anew by the next job
        if (now != null && now.equals(Content.of(data, columns))) {
            content = now;
            table = new SoftReference<>(read);
        }
        return read;
    }

    /** Forgets it; the files of one that lies there are deleted. */
    @Override
    public synchronized void close() {
        content = null;
        table.clear();
        if (spilled != null) {
            spilled.close();
            spilled = null;
        }
    }
}
