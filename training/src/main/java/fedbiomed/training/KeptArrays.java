package fedbiomed.training;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.DataFolder;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.source.StoredDataset;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The dataset of arrays that was opened last, kept for the next job while its files are the same and memory allows: opening
 * one may read much (a VCF file whole, the header of every recording). A source cannot be changed, and no plan gets it.
 */
final class KeptArrays {
    private @Nullable Content content;
    private SoftReference<@Nullable SampleSource> source = new SoftReference<>(null);

    /** What tells that the same would be opened again. */
    private record Content(StoredDataset data, String files) {
        /** {@code null} where it cannot be told: opening it says why. */
        static @Nullable Content of(StoredDataset data) {
            try {
                var attributes = Files.readAttributes(data.path(), BasicFileAttributes.class);
                return new Content(
                        data,
                        attributes.isDirectory()
                                ? DataFolder.of(data.path()).state()
                                : attributes.size() + " " + attributes.lastModifiedTime() + " " + attributes.fileKey());
            } catch (IOException | RuntimeException _) {
                return null;
            }
        }
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException as {@link DatasetKinds#open} */
    synchronized SampleSource open(StoredDataset data) {
        var now = Content.of(data);
        var kept = source.get();
        if (kept != null && now != null && now.equals(content)) {
            return kept;
        }
        content = null;
        source.clear();
        var opened = DatasetKinds.open(data);
        // one that was written meanwhile is opened anew by the next job
        if (now != null && now.equals(Content.of(data))) {
            content = now;
            source = new SoftReference<>(opened);
        }
        return opened;
    }
}
