package fedbiomed.training;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.DataFolder;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.Table;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table that was read last, kept for the next job while its file is the same and memory allows. A table cannot be
 * changed, and no plan gets it: what plans work with is copied out of it, so that a job on a kept table does what it
 * does on one that was read anew.
 */
final class KeptTable {
    private @Nullable Content content;
    private SoftReference<@Nullable Table> table = new SoftReference<>(null);

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
        var kept = table.get();
        if (kept != null && now != null && now.equals(content)) {
            return kept;
        }
        content = null;
        table.clear();
        var read = DatasetKinds.read(data, columns);
        // one that was written meanwhile is read anew by the next job
        if (now != null && now.equals(Content.of(data, columns))) {
            content = now;
            table = new SoftReference<>(read);
        }
        return read;
    }
}
