package fedbiomed.node.registry;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.loading.LoadingPlan;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.node.sql.Snapshots;
import fedbiomed.node.sql.SqlSource;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Datasets that are queries: each has its newest result as a file, which the registry describes as any other. */
public final class SqlDatasets {
    private final DatasetRegistry registry;
    private final Snapshots snapshots;
    private final Path home;

    public SqlDatasets(DatasetRegistry registry, NodeDatabase database, Clock clock) {
        this.registry = registry;
        this.home = database.home().toAbsolutePath();
        this.snapshots = new Snapshots(home, clock);
    }

    /**
     * Runs the query and shares its result.
     *
     * @param plan {@code null} for none
     * @throws FedbiomedException as {@link DatasetRegistry#add} and {@link SqlSource}
     */
    public RegisteredDataset add(
            Map<String, String> settings,
            @Nullable LoadingPlan plan,
            String name,
            Collection<String> tags,
            String description) {
        var source = SqlSource.of(home, settings);
        var kept = new TreeMap<>(settings);
        kept.put(SqlSource.QUERY, source.query());
        if (source.credentials() != null) {
            kept.put(SqlSource.CREDENTIALS, source.credentials().toString());
        }
        return alone(() -> {
            requireNew(name);
            var file = snapshots.fresh();
            source.writeTo(file);
            return orRemoved(
                    file,
                    () -> registry.add(
                            StoredDataset.of(DatasetKinds.SQL, file, kept).under(plan), name, tags, description));
        });
    }

    private void requireNew(String name) {
        registry.list().stream()
                .filter(dataset -> dataset.stored().kind().equals(DatasetKinds.SQL)
                        && dataset.description().name().equals(name))
                .findAny()
                .ifPresent(dataset -> {
                    throw new FedbiomedException(
                            ErrorCode.POLICY,
                            "a query is shared under the name '" + name + "' already, as " + dataset.id()
                                    + "; choose another name, run it again (fedbiomed node dataset refresh "
                                    + dataset.id() + "), or remove it first");
                });
    }

    /** What a dataset was and what it is now; the same if the query's result is. */
    public record Refreshed(RegisteredDataset before, RegisteredDataset now) {}

    /**
     * Runs a dataset's query again. Whatever dies meanwhile, the registry has the old result or the new one. A
     * researcher who asks for the old one is told that it has changed.
     *
     * @throws FedbiomedException {@code DATASET_UNKNOWN}; {@code UNSUPPORTED} if it is no query; as {@link #add}
     */
    public Refreshed refresh(String id) {
        return alone(() -> {
            var before = registry.get(id);
            if (!before.stored().kind().equals(DatasetKinds.SQL)) {
                throw new FedbiomedException(
                        ErrorCode.UNSUPPORTED,
                        "dataset " + id + " is of kind '" + before.stored().kind()
                                + "', and only a query (kind 'sql') is run again; where its file changed, remove it and"
                                + " add it again");
            }
            var file = snapshots.fresh();
            SqlSource.of(home, before.stored().settings()).writeTo(file);
            var now = orRemoved(file, () -> {
                var content = registry.read(
                        new StoredDataset(
                                DatasetKinds.SQL,
                                file,
                                before.stored().settings(),
                                before.stored().loadingPlan()),
                        ReadProgress.NONE);
                return content.fingerprint().equals(before.description().fingerprint()) && Files.exists(before.path())
                        ? before
                        : registry.replace(before, file, content);
            });
            if (now.path().equals(file)) {
                release(before.path());
            } else {
                Files.delete(file);
            }
            return new Refreshed(before, now);
        });
    }

    /** After a dataset was removed: what no dataset has any more goes in time. */
    public void released(RegisteredDataset removed) {
        if (removed.stored().kind().equals(DatasetKinds.SQL)) {
            alone(() -> {
                release(removed.path());
                return removed;
            });
        }
    }

    private void release(Path snapshot) throws IOException {
        if (Files.exists(snapshot)) {
            snapshots.release(snapshot);
        }
    }

    /** What no dataset has any more, and what was left by who was killed, goes in time; not while a query is run. */
    public void sweep() {
        try {
            snapshots.aloneIfFree(() -> {
                var named = named();
                snapshots.sweep(named);
                return named;
            });
        } catch (IOException e) {
            throw notKept(e);
        }
    }

    private interface Work<T> {
        T run() throws IOException;
    }

    private static <T> T orRemoved(Path file, Work<T> work) throws IOException {
        try {
            return work.run();
        } catch (RuntimeException | IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private <T> T alone(Work<T> work) {
        try {
            return snapshots.alone(() -> {
                snapshots.sweep(named());
                return work.run();
            });
        } catch (IOException e) {
            throw notKept(e);
        }
    }

    private FedbiomedException notKept(IOException e) {
        return new FedbiomedException(
                ErrorCode.INTERNAL,
                "the query's result cannot be kept in " + home + " (" + e
                        + "); check the folder's permissions and the disk's space",
                e);
    }

    private Set<Path> named() {
        return registry.list().stream().map(RegisteredDataset::path).collect(Collectors.toSet());
    }
}
