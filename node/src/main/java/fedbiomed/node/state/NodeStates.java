package fedbiomed.node.state;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.home.DurationText;
import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What trainings leave at the node for later ones (local layers, running means), each under the id of the request that
 * produced it. A file is whole on the disk before its row is, and the row before the training's answer: an answer that is
 * kept has its state. Only requests of the same researcher, keys, dataset, content and plan start from it.
 */
public final class NodeStates {
    private static final Logger LOG = LoggerFactory.getLogger(NodeStates.class);
    private static final String FOLDER = "states";

    private final Path folder;
    private final NodeDatabase database;
    private final Limits limits;
    private final Clock clock;

    /** A file that is being brought is not removed meanwhile. */
    private final ReentrantLock lock = new ReentrantLock();

    private NodeStates(Path folder, NodeDatabase database, Limits limits, Clock clock) {
        this.folder = folder;
        this.database = database;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * How much is kept.
     *
     * @param versions so many of a run on a dataset, the last ones
     * @param lifetime since a state was kept or last started from
     * @param diskBytes of all together
     */
    public record Limits(int versions, Duration lifetime, long diskBytes) {}

    /** Who may start from a state. */
    public record Owner(
            PartyId researcher, Fingerprint fingerprint, String dataset, String datasetFingerprint, PlanId plan) {}

    private record Kept(String sha256) {}

    public static NodeStates open(Path home, NodeDatabase database, Limits limits, Clock clock) {
        var folder = home.resolve(FOLDER);
        try {
            AtomicFiles.createOwnerOnlyFolder(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + folder, e);
        }
        return new NodeStates(folder, database, limits, clock);
    }

    private Path file(String request) {
        return folder.resolve(Sha256.require("a request's id", request));
    }

    /**
     * Copies what {@code request} left to {@code target}.
     *
     * @throws FedbiomedException {@code STATE_UNAVAILABLE} if it is not here, or is another's: which of both is not told
     */
    public void bring(Owner owner, String request, Path target) {
        lock.lock();
        try {
            var kept = find(owner, request).orElseThrow(() -> unavailable(request));
            var file = file(request);
            if (!Files.isRegularFile(file)) {
                LOG.error("{} is missing; the state of request {} is lost", file, request);
                throw unavailable(request);
            }
            Files.copy(file, target);
            if (!Sha256.of(target).equals(kept.sha256())) {
                LOG.error("{} is not what was written there; look at the disk", file);
                throw unavailable(request);
            }
            database.change(handle ->
                    handle.execute("UPDATE node_state SET used = ? WHERE request = ?", clock.millis(), request));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the state of request " + request, e);
        } finally {
            lock.unlock();
        }
    }

    private Optional<Kept> find(Owner owner, String request) {
        return database.transaction(handle -> handle.createQuery("""
                        SELECT sha256 FROM node_state WHERE request = ? AND researcher = ? AND fingerprint = ?
                        AND dataset = ? AND dataset_fingerprint = ? AND plan = ?""")
                .bind(0, request)
                .bind(1, owner.researcher().value())
                .bind(2, owner.fingerprint().value())
                .bind(3, owner.dataset())
                .bind(4, owner.datasetFingerprint())
                .bind(5, owner.plan().value())
                .map((row, _) -> new Kept(row.getString("sha256")))
                .findOne());
    }

    private FedbiomedException unavailable(String request) {
        return new FedbiomedException(
                ErrorCode.STATE_UNAVAILABLE,
                "this node has no state of your request " + request.substring(0, 12)
                        + " with this plan and dataset, from which this one is to start; it keeps those of a run's last "
                        + limits.versions() + " trainings (state_versions in its configuration), for "
                        + DurationText.of(limits.lifetime())
                        + " (state_lifetime). Go on without this participant, or begin a new experiment with this model"
                        + " (initial_model), in which local parts begin anew");
    }

    /**
     * Keeps {@code state}; when this returns it survives a power cut. Older ones of the run go, but not the {@code
     * predecessor}: should the researcher not accept this training, the next one starts from there again.
     */
    public void keep(Owner owner, String run, String request, @Nullable String predecessor, Path state) {
        var before = predecessor == null ? request : predecessor;
        lock.lock();
        try {
            AtomicFiles.copyOwnerOnly(state, file(request), database.durability());
            var sha256 = Sha256.of(state);
            long bytes = Files.size(state);
            var removed = database.transaction(handle -> {
                insert(handle, owner, run, request, sha256, bytes);
                var old = remove(handle, superfluous(handle, owner, run, request, before));
                return Stream.concat(old.stream(), remove(handle, beyondDisk(handle, owner, request, before)).stream())
                        .toList();
            });
            removeFiles(removed);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "the node cannot keep what the plan leaves for the next round ("
                            + e.getClass().getSimpleName() + "); its data manager looks at the disk",
                    e);
        } finally {
            lock.unlock();
        }
    }

    private void insert(Handle handle, Owner owner, String run, String request, String sha256, long bytes) {
        handle.execute(
                """
                INSERT OR REPLACE INTO node_state (request, researcher, fingerprint, dataset, dataset_fingerprint, plan,
                run, sha256, bytes, number, used)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(number), 0) + 1 FROM node_state), ?)""",
                request,
                owner.researcher().value(),
                owner.fingerprint().value(),
                owner.dataset(),
                owner.datasetFingerprint(),
                owner.plan().value(),
                run,
                sha256,
                bytes,
                clock.millis());
    }

    /** Of this run on this dataset, all but the last ones. */
    private List<String> superfluous(Handle handle, Owner owner, String run, String request, String before) {
        int others = limits.versions() - (before.equals(request) ? 1 : 2);
        return handle.createQuery("""
                        SELECT request FROM node_state WHERE researcher = ? AND fingerprint = ? AND dataset = ? AND run = ?
                        AND request NOT IN (?, ?) ORDER BY number DESC LIMIT -1 OFFSET ?""")
                .bind(0, owner.researcher().value())
                .bind(1, owner.fingerprint().value())
                .bind(2, owner.dataset())
                .bind(3, run)
                .bind(4, request)
                .bind(5, before)
                .bind(6, Math.max(0, others))
                .mapTo(String.class)
                .list();
    }

    /** Of all runs together, what was used longest ago; of this researcher's first, who cannot drive out the others. */
    private List<String> beyondDisk(Handle handle, Owner owner, String request, String before) {
        return handle.createQuery("""
                        SELECT request FROM (SELECT request, sum(bytes) OVER (ORDER BY researcher = ?, used DESC, number DESC)
                        AS total FROM node_state) WHERE total > ? AND request NOT IN (?, ?)""")
                .bind(0, owner.researcher().value())
                .bind(1, limits.diskBytes())
                .bind(2, request)
                .bind(3, before)
                .mapTo(String.class)
                .list();
    }

    private static List<String> remove(Handle handle, List<String> requests) {
        requests.forEach(request -> handle.execute("DELETE FROM node_state WHERE request = ?", request));
        return requests;
    }

    private void removeFiles(List<String> requests) throws IOException {
        for (var request : requests) {
            Files.deleteIfExists(file(request));
        }
    }

    /** Removes what nothing has started from for long, what datasets have left that are no longer shared, and half files. */
    public void sweep() {
        lock.lock();
        try (var files = Files.newDirectoryStream(folder)) {
            long limit = clock.millis() - limits.lifetime().toMillis();
            var rest = database.transaction(handle -> {
                handle.execute(
                        "DELETE FROM node_state WHERE used < ? OR dataset NOT IN (SELECT id FROM dataset)", limit);
                return new HashSet<>(handle.createQuery("SELECT request FROM node_state")
                        .mapTo(String.class)
                        .list());
            });
            for (var file : files) {
                if (!rest.contains(String.valueOf(file.getFileName()))) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clean up " + folder, e);
        } finally {
            lock.unlock();
        }
    }
}
