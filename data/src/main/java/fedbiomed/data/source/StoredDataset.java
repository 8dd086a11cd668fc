package fedbiomed.data.source;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import fedbiomed.data.loading.LoadingPlan;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a dataset lies and how it is read. It stays at the node.
 *
 * @param kind the name of its kind, e.g. {@code csv}
 * @param path its file or folder
 * @param settings what the data manager says about the reading, by name, e.g. {@code size} = {@code 64x64}; each kind
 *     has its own
 * @param loadingPlan under which names and values it takes part; {@code null} where under its own
 */
public record StoredDataset(
        String kind,
        Path path,
        SortedMap<String, String> settings,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable LoadingPlan loadingPlan) {
    /** Among the settings of a kind it stands for names that each dataset has of its own: those of its modalities. */
    public static final String MODALITY = "MODALITY";

    /** @param settings {@code null} for none */
    @JsonCreator
    public StoredDataset(
            String kind, Path path, @Nullable SortedMap<String, String> settings, @Nullable LoadingPlan loadingPlan) {
        this.kind = kind;
        this.path = path;
        this.settings = settings == null
                ? Collections.emptySortedMap()
                : Collections.unmodifiableSortedMap(new TreeMap<>(settings));
        this.loadingPlan = loadingPlan;
    }

    /** Under its own names and values. */
    public StoredDataset(String kind, Path path, @Nullable SortedMap<String, String> settings) {
        this(kind, path, settings, null);
    }

    /** One that is read as it is. */
    public StoredDataset(String kind, Path path) {
        this(kind, path, Collections.emptySortedMap());
    }

    public static StoredDataset of(String kind, Path path, Map<String, String> settings) {
        return new StoredDataset(kind, path, new TreeMap<>(settings));
    }

    /** The same, read so. */
    public StoredDataset under(@Nullable LoadingPlan plan) {
        return new StoredDataset(kind, path, settings, plan);
    }
}
