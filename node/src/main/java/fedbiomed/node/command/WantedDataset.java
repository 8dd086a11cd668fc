package fedbiomed.node.command;

import fedbiomed.data.DatasetKind;
import fedbiomed.data.DatasetKinds;
import fedbiomed.data.KindGuess;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.registry.LoadingPlanRegistry;
import fedbiomed.node.registry.RegisteredDataset;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A dataset that the data manager wants to share.
 *
 * @param kind {@code null} for what it looks like
 * @param loadingPlan the name of a saved one; {@code null} for none
 */
record WantedDataset(
        Path path,
        @Nullable String kind,
        String name,
        List<String> tags,
        String description,
        Map<String, String> settings,
        @Nullable String loadingPlan) {
    WantedDataset {
        tags = tags.stream().map(String::strip).filter(tag -> !tag.isEmpty()).toList();
        settings = new TreeMap<>(settings);
    }

    /** Reads it, with progress where somebody watches. */
    RegisteredDataset prepare(DatasetRegistry datasets, LoadingPlanRegistry plans) {
        if (DatasetKinds.SQL.equals(kind)) {
            throw new FedbiomedException(
                    ErrorCode.UNSUPPORTED,
                    "a query (kind sql) has no path and is added alone: fedbiomed node dataset add --kind sql --name NAME"
                            + " --set url=... --set query=...");
        }
        var plan = loadingPlan == null ? null : plans.get(loadingPlan);
        var data = StoredDataset.of(kindOrGuess(), path, settings).under(plan);
        try (var progress = new ReadingLine(path)) {
            return datasets.prepare(data, name, tags, description, progress);
        }
    }

    private String kindOrGuess() {
        return kind != null ? kind : KindGuess.of(path).map(DatasetKind::name).orElse(DatasetKinds.CSV);
    }
}
