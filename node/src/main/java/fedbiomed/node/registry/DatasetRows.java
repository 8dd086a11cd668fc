package fedbiomed.node.registry;

import com.fasterxml.jackson.core.type.TypeReference;
import fedbiomed.data.loading.LoadingPlan;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The table of datasets. */
final class DatasetRows {
    private static final RowMapper<RegisteredDataset> DATASET = (row, _) -> {
        var description = Kept.read(row.getString("description"), new TypeReference<DatasetDescription>() {});
        var settings = Kept.read(row.getString("settings"), new TypeReference<TreeMap<String, String>>() {});
        var plan = row.getString("loading_plan");
        var stored = new StoredDataset(
                description.kind(),
                Path.of(row.getString("path")),
                settings,
                plan == null ? null : Kept.read(plan, new TypeReference<LoadingPlan>() {}));
        return new RegisteredDataset(
                stored,
                description,
                new FileState(row.getString("file_state")),
                Kept.read(row.getString("notes"), new TypeReference<List<String>>() {}));
    };

    private DatasetRows() {}

    /** By id. */
    static List<RegisteredDataset> all(Handle handle) {
        return handle.createQuery("SELECT * FROM dataset ORDER BY id")
                .map(DATASET)
                .list();
    }

    static Optional<RegisteredDataset> find(Handle handle, String id) {
        return handle.createQuery("SELECT * FROM dataset WHERE id = ?")
                .bind(0, id)
                .map(DATASET)
                .findOne();
    }

    static void insert(Handle handle, RegisteredDataset dataset, long millis) {
        var plan = dataset.stored().loadingPlan();
        handle.execute(
                "INSERT INTO dataset (id, name, path, description, file_state, added, settings, loading_plan, notes)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                dataset.id(),
                dataset.description().name(),
                dataset.path().toString(),
                Json.text(dataset.description()),
                dataset.fileState().value(),
                millis,
                Json.text(dataset.stored().settings()),
                plan == null ? null : Json.text(plan),
                Json.text(dataset.notes()));
    }

    /**
     * Puts what was found in it now in its place.
     *
     * @param was where it lay
     * @return whether it was there
     */
    static boolean update(Handle handle, RegisteredDataset now, Path was) {
        return handle.execute(
                        "UPDATE dataset SET path = ?, description = ?, file_state = ?, notes = ? WHERE id = ? AND path = ?",
                        now.path().toString(),
                        Json.text(now.description()),
                        now.fileState().value(),
                        Json.text(now.notes()),
                        now.id(),
                        was.toString())
                == 1;
    }
}
