package fedbiomed.node.registry;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.node.sql.Snapshots;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.protocol.audit.AuditEvent;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.audit.AuditTrail;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The datasets that this node shares. The files stay where they are; only what describes them is kept. */
public final class DatasetRegistry {
    private static final int MAX_PATH_CHARS = 1000;
    /** What says nothing of a dataset's files, nor names them. */
    private static final Set<ErrorCode> PASSED_ON =
            Set.of(ErrorCode.DATASET_CHANGED, ErrorCode.POLICY, ErrorCode.CANCELLED);
    /** How many ids an error lists. */
    private static final int MAX_NAMED = 20;

    private final NodeDatabase database;
    private final HomeFolder home;
    private final AuditTrail audit;
    private final ContentReader reader;
    private final Clock clock;

    /** For who reads no dataset that native code decodes. */
    public DatasetRegistry(NodeDatabase database, Clock clock) {
        this(database, ContentReader.JAVA_ALONE, clock);
    }

    public DatasetRegistry(NodeDatabase database, ContentReader reader, Clock clock) {
        this(database, AuditLog.ofNode(database.home(), clock), reader, clock);
    }

    public DatasetRegistry(NodeDatabase database, AuditTrail audit, ContentReader reader, Clock clock) {
        this.reader = reader;
        this.audit = audit;
        this.database = database;
        this.home = new HomeFolder(database.home());
        this.clock = clock;
    }

    /**
     * Reads the dataset, checks it, and shares it. One that is not fit leaves the registry as it was.
     *
     * <p>The id is made of the name and the content, not drawn: a federation that is set up anew with the same data
     * derives the same seeds from it.
     *
     * @throws FedbiomedException {@code DATA_UNFIT} for files that are missing or not fit; {@code UNSUPPORTED} for a kind
     *     or setting that is not known; {@code POLICY} for a name or tag that is not allowed, a file in the node's home or
     *     a folder around it, or one that is shared under that name already
     */
    public RegisteredDataset add(StoredDataset data, String name, Collection<String> tags, String description) {
        return share(List.of(prepare(data, name, tags, description, ReadProgress.NONE)))
                .getFirst();
    }

    /**
     * Reads the dataset and checks it, and shares nothing: what {@link #share} would.
     *
     * @throws FedbiomedException as {@link #add}
     */
    public RegisteredDataset prepare(
            StoredDataset data, String name, Collection<String> tags, String description, ReadProgress progress) {
        DatasetNames.requireShowable(name, tags, description);
        var file = data.path();
        try {
            requireOutsideHome(data);
            requireThere(data);
            var path = file.toRealPath();
            database.change(handle -> requireNew(handle, name, path));
            var state = FileState.of(path);
            var stored = new StoredDataset(data.kind(), path, data.settings(), data.loadingPlan());
            var content = read(stored, progress);
            if (!state.equals(FileState.of(path))) {
                throw new FedbiomedException(
                        ErrorCode.DATASET_CHANGED,
                        shown(path) + " changed while it was read; add it again when nothing writes to it");
            }
            var id = database.transaction(handle -> id(handle, name, content.fingerprint()));
            var plan = stored.loadingPlan();
            return new RegisteredDataset(
                    stored,
                    new DatasetDescription(
                            id,
                            name,
                            stored.kind(),
                            new TreeSet<>(tags),
                            description,
                            content.shape(),
                            content.columns(),
                            content.fingerprint(),
                            plan == null ? null : plan.description()),
                    state,
                    content.notes());
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "cannot read " + shown(file) + " (" + e.getClass().getSimpleName()
                            + "); check that this user may read it",
                    e);
        }
    }

    /**
     * Shares what was prepared: all, or none.
     *
     * @throws FedbiomedException {@code POLICY} if one is shared under its name already
     */
    public List<RegisteredDataset> share(List<RegisteredDataset> prepared) {
        return database.transaction(handle -> {
            prepared.forEach(dataset -> requireNew(handle, dataset.description().name(), dataset.path()));
            return prepared.stream().map(dataset -> insert(handle, dataset)).toList();
        });
    }

    /** As {@link ContentReader#read}. */
    DatasetContent read(StoredDataset data, ReadProgress progress) {
        return reader.read(data, progress);
    }

    private static String id(Handle handle, String name, String fingerprint) {
        return DatasetNames.id(
                name, fingerprint, id -> DatasetRows.find(handle, id).isPresent());
    }

    /** A worker could read what is there beside the dataset: the node's keys and state. */
    private void requireOutsideHome(StoredDataset data) throws IOException {
        var file = data.path();
        if (Files.exists(file) && !mayBeRead(data)) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    shown(file) + " lies in this node's home (" + shown(home.path())
                            + ") or holds it, and a plan that reads it could come at the node's keys; keep datasets in a"
                            + " folder of their own, and give the path there");
        }
    }

    /** A query's result lies in the home, in a folder of its own, and a worker sees that file alone. */
    private boolean mayBeRead(StoredDataset data) throws IOException {
        return data.kind().equals(DatasetKinds.SQL)
                ? new Snapshots(home.path(), clock).holds(data.path())
                : home.isApartFrom(data.path());
    }

    private static String shown(Path path) {
        return Text.shown(path.toString(), MAX_PATH_CHARS);
    }

    private static void requireThere(StoredDataset data) {
        boolean folder = DatasetKinds.get(data.kind()).isFolder();
        if (folder ? !Files.isDirectory(data.path()) : !Files.isRegularFile(data.path())) {
            var what = folder ? "folder" : "file";
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    (Files.exists(data.path()) ? "not a " + what : "no such " + what) + ": " + shown(data.path())
                            + "; give the path of the dataset's " + what + " (kind '" + data.kind() + "')");
        }
    }

    /** Under an id that is free now. */
    private RegisteredDataset insert(Handle handle, RegisteredDataset prepared) {
        var told = prepared.description();
        var dataset = prepared.withDescription(told.withId(id(handle, told.name(), told.fingerprint())));
        DatasetRows.insert(handle, dataset, clock.millis());
        audit.append(AuditEvent.byOperator(AuditKind.DATASET_ADDED)
                .dataset(dataset.id())
                .build());
        return dataset;
    }

    private static void requireNew(Handle handle, String name, Path path) {
        handle.createQuery("SELECT id FROM dataset WHERE name = ? AND path = ?")
                .bind(0, name)
                .bind(1, path.toString())
                .mapTo(String.class)
                .findOne()
                .ifPresent(id -> {
                    throw new FedbiomedException(
                            ErrorCode.POLICY,
                            shown(path) + " is shared under the name '" + name + "' already, as " + id
                                    + "; choose another name, or remove that one first: fedbiomed node dataset remove "
                                    + id);
                });
    }

    /** All, by id. */
    public List<RegisteredDataset> list() {
        return database.read("datasets", DatasetRows::all);
    }

    public Optional<RegisteredDataset> find(String id) {
        return database.read("dataset " + id, handle -> DatasetRows.find(handle, id));
    }

    /** @throws FedbiomedException {@code DATASET_UNKNOWN} naming those that there are */
    public RegisteredDataset get(String id) {
        return find(id).orElseThrow(() -> unknown(id));
    }

    /**
     * Puts another file and what it holds in the place of a dataset's, in one transaction.
     *
     * @throws FedbiomedException {@code DATASET_CHANGED} if another has done so meanwhile
     */
    RegisteredDataset replace(RegisteredDataset old, Path path, DatasetContent content) throws IOException {
        var was = old.stored();
        var fresh = found(
                old,
                new StoredDataset(was.kind(), path, was.settings(), was.loadingPlan()),
                content,
                FileState.of(path));
        database.change(handle -> {
            if (!DatasetRows.update(handle, fresh, old.path())) {
                throw new FedbiomedException(
                        ErrorCode.DATASET_CHANGED,
                        "dataset " + old.id() + " was removed or refreshed by somebody else meanwhile; look at it with"
                                + " 'fedbiomed node dataset show " + old.id() + "'");
            }
            audit.append(AuditEvent.byOperator(AuditKind.DATASET_REFRESHED)
                    .dataset(old.id())
                    .build());
        });
        return fresh;
    }

    private static RegisteredDataset found(
            RegisteredDataset before, StoredDataset stored, DatasetContent content, FileState state) {
        return new RegisteredDataset(
                stored,
                before.description().withContent(content.shape(), content.columns(), content.fingerprint()),
                state,
                content.notes());
    }

    /** Shares it no longer; the file is left alone. @throws FedbiomedException {@code DATASET_UNKNOWN} */
    public void remove(String id) {
        boolean removed = database.transaction(handle -> {
            boolean known = handle.execute("DELETE FROM dataset WHERE id = ?", id) == 1;
            if (known) {
                audit.appendNowOrLater(AuditEvent.byOperator(AuditKind.DATASET_REMOVED)
                        .dataset(id)
                        .build());
            }
            return known;
        });
        if (!removed) {
            throw unknown(id);
        }
    }

    private FedbiomedException unknown(String id) {
        return unknown(id, list().stream().map(RegisteredDataset::id).toList());
    }

    /** @param all those that whoever asked may know of */
    public static FedbiomedException unknown(String id, List<String> all) {
        var known = all.stream().limit(MAX_NAMED).toList();
        return new FedbiomedException(
                ErrorCode.DATASET_UNKNOWN,
                "there is no dataset '" + Text.shown(id) + "' at this node; "
                        + (known.isEmpty()
                                ? "it shares none. Its data manager adds one with 'fedbiomed node dataset add FILE'"
                                : "it shares " + String.join(", ", known)));
    }

    /**
     * Makes sure that the file still has the content that was described, and lies outside the node's home (either may
     * have been moved, or lie behind another link). Looks at length and time of change; reads the file only where these
     * differ, and decodes it only where its fingerprint needs that.
     *
     * @return the dataset with its present file state
     * @throws FedbiomedException {@code DATASET_CHANGED}, {@code POLICY}; the text does not name the path, it may go to a
     *     researcher
     */
    public RegisteredDataset requireUnchanged(RegisteredDataset dataset) {
        var description = dataset.description();
        try {
            if (!mayBeRead(dataset.stored())) {
                throw new FedbiomedException(
                        ErrorCode.POLICY,
                        "dataset " + dataset.id() + " lies in its node's home or holds it, so no plan may read it; the"
                                + " node's data manager moves its file elsewhere and adds it anew");
            }
            var state = FileState.of(dataset.path());
            if (state.equals(dataset.fileState())) {
                return dataset;
            }
            var fingerprint = DatasetKinds.fingerprint(dataset.stored())
                    .orElseGet(() -> read(dataset.stored(), ReadProgress.NONE).fingerprint());
            if (fingerprint.equals(description.fingerprint())) {
                return seen(dataset, state);
            }
            throw changed(dataset.id(), "has changed since it was added", null);
        } catch (IOException e) {
            throw changed(dataset.id(), "is missing or cannot be read", e);
        } catch (FedbiomedException e) {
            throw PASSED_ON.contains(e.code())
                    ? e
                    : changed(dataset.id(), "has changed since it was added, and is no longer fit", e);
        }
    }

    /** Its content was found to be as described, and its files in that state. */
    RegisteredDataset seen(RegisteredDataset dataset, FileState state) {
        database.change(handle ->
                handle.execute("UPDATE dataset SET file_state = ? WHERE id = ?", state.value(), dataset.id()));
        return new RegisteredDataset(dataset.stored(), dataset.description(), state, dataset.notes());
    }

    /**
     * From now on it has the content that was found; id, name, tags and how it is read stay.
     *
     * @throws FedbiomedException {@code DATASET_UNKNOWN}
     */
    public RegisteredDataset acceptChanges(RegisteredDataset dataset, DatasetContent content, FileState state) {
        var changed = found(dataset, dataset.stored(), content, state);
        boolean known = database.transaction(handle -> {
            boolean updated = DatasetRows.update(handle, changed, dataset.path());
            if (updated) {
                audit.append(AuditEvent.byOperator(AuditKind.DATASET_CHANGES_ACCEPTED)
                        .dataset(dataset.id())
                        .build());
            }
            return updated;
        });
        if (!known) {
            throw unknown(dataset.id());
        }
        return changed;
    }

    private static FedbiomedException changed(String id, String what, @Nullable Exception cause) {
        var text = "the file of dataset " + id + " " + what
                + "; the node's data manager looks at it ('fedbiomed node dataset check " + id
                + "'), restores it or accepts the changes ('fedbiomed node dataset accept-changes " + id
                + "'), and with another content the experiment is begun anew";
        return cause == null
                ? new FedbiomedException(ErrorCode.DATASET_CHANGED, text)
                : new FedbiomedException(ErrorCode.DATASET_CHANGED, text, cause);
    }
}
