package fedbiomed.node.round;

import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers: one for each {@link WorkerKey} at work, kept warm for its next round. A worker is ended when it has been
 * idle for long, when others need its place or the machine its memory, and at once when the plan's approval or the
 * researcher's trust is withdrawn, or the policy no longer allows its work.
 */
public final class WorkerPool implements Workers {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private static final long TICK_MILLIS = 500;

    private final WorkerSettings settings;

    private final Function<WorkerKey, Optional<FedbiomedException>> withdrawn;
    private final Clock clock;
    private final WorkerStarter starter;
    private final List<Place> busy = new ArrayList<>();
    private final List<Place> idle = new ArrayList<>();
    private final Thread ticker;
    private boolean closed;

    private record Place(WorkerKey key, Worker worker, Instant since) {}

    /**
     * Removes what an earlier, killed node has left.
     *
     * @param withdrawn says why the key's work may no longer go on; empty while it may
     */
    public WorkerPool(
            WorkerSettings settings, Function<WorkerKey, Optional<FedbiomedException>> withdrawn, Clock clock) {
        this.settings = settings;
        this.withdrawn = withdrawn;
        this.clock = clock;
        this.starter = new WorkerStarter(settings);
        try {
            WorkerProcess.killLeftOvers(settings.work());
            WorkFolders.remove(settings.work());
            Files.createDirectories(settings.work());
            Files.createDirectories(settings.logs());
            Files.createDirectories(settings.cache());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot prepare the folders of workers", e);
        }
        ticker = Thread.ofVirtual().name("worker-pool").start(this::tick);
    }

    @Override
    public GpuPolicy.Decision gpu(boolean asked, boolean torch) {
        return starter.gpu(asked, torch);
    }

    @Override
    public WorkerReply.Done run(WorkerKey key, WorkerJob job, boolean torch, ScalarStream scalars) {
        var place = take(key, job, torch);
        try {
            return place.worker().run(job, scalars);
        } finally {
            giveBack(place);
        }
    }

    private Place take(WorkerKey key, WorkerJob job, boolean torch) {
        var surplus = new ArrayList<Place>();
        Place place = null;
        synchronized (this) {
            requireOpen();
            for (var candidate : List.copyOf(idle)) {
                if (place == null && candidate.key().equals(key)) {
                    idle.remove(candidate);
                    if (candidate.worker().usable(job.data().path())) {
                        place = candidate;
                        busy.add(candidate);
                    } else {
                        surplus.add(candidate);
                    }
                }
            }
            if (place == null) {
                // the new one may need the memory of those that do nothing
                while (idle.size() >= settings.workers()) {
                    surplus.add(idle.removeFirst());
                }
            }
        }
        surplus.forEach(old -> old.worker().close());
        if (place == null) {
            endIdleWhileMemoryIsShort();
            return startNew(key, job, torch);
        }
        return place;
    }

    private Place startNew(WorkerKey key, WorkerJob job, boolean torch) {
        var place = new Place(key, Worker.start(settings, starter, key, job, torch, clock), clock.instant());
        synchronized (this) {
            if (!closed) {
                busy.add(place);
                return place;
            }
        }
        place.worker().close();
        throw stopping();
    }

    private void requireOpen() {
        if (closed) {
            throw stopping();
        }
    }

    private static FedbiomedException stopping() {
        return new FedbiomedException(ErrorCode.CANCELLED, "the node is stopping");
    }

    private void giveBack(Place place) {
        var surplus = new ArrayList<Place>();
        synchronized (this) {
            busy.remove(place);
            if (closed || !place.worker().usable()) {
                surplus.add(place);
            } else {
                idle.add(new Place(place.key(), place.worker(), clock.instant()));
                while (idle.size() > settings.workers()) {
                    surplus.add(idle.removeFirst());
                }
            }
        }
        surplus.forEach(old -> old.worker().close());
    }

    /** Processes that live, at work or warm. */
    @Override
    public synchronized int size() {
        return busy.size() + idle.size();
    }

    private void tick() {
        try {
            starter.announce();
            while (true) {
                Thread.sleep(TICK_MILLIS);
                try {
                    endWithdrawn();
                    endIdle();
                    endIdleWhileMemoryIsShort();
                } catch (RuntimeException e) {
                    LOG.error("the watch over workers failed; it goes on", e);
                }
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    private void endWithdrawn() {
        List<Place> all;
        synchronized (this) {
            all = new ArrayList<>(busy);
            all.addAll(idle);
        }
        for (var place : all) {
            withdrawn.apply(place.key()).ifPresent(why -> {
                place.worker().end(why);
                closeIfIdle(place);
            });
        }
    }

    private void endIdle() {
        List<Place> all;
        synchronized (this) {
            all = List.copyOf(idle);
        }
        var limit = clock.instant().minus(settings.idle());
        all.stream().filter(place -> place.since().isBefore(limit)).forEach(this::closeIfIdle);
    }

    /** The oldest first, until there is enough: what each of them held shows only when it is gone. */
    private void endIdleWhileMemoryIsShort() {
        for (var oldest = oldestIdle();
                oldest != null && MachineMemory.availableBytes() < settings.reserveBytes();
                oldest = oldestIdle()) {
            LOG.info(
                    "memory is short (memory_reserve): the idle worker of dataset '{}' is ended",
                    oldest.key().dataset());
            closeIfIdle(oldest);
        }
    }

    private synchronized @Nullable Place oldestIdle() {
        return idle.isEmpty() ? null : idle.getFirst();
    }

    private void closeIfIdle(Place place) {
        synchronized (this) {
            if (!idle.remove(place)) {
                return;
            }
        }
        place.worker().close();
    }

    /** Ends all workers; returns when their processes are gone. */
    @Override
    public void close() {
        List<Place> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(busy);
            all.addAll(idle);
            idle.clear();
        }
        ticker.interrupt();
        all.forEach(place -> place.worker().end(stopping()));
        all.forEach(place -> place.worker().close());
        starter.close();
    }
}
