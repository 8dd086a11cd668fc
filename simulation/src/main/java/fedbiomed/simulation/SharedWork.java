package fedbiomed.simulation;

import fedbiomed.node.round.JobFolders;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PlanId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the workers of a simulation share: plans, compiled once for all nodes, and the folders of jobs. As many jobs run at
 * a time as there are turns; a job has its folder for its turn, and the next one has it after that: to make and remove a
 * folder for each takes longer than a small training.
 */
final class SharedWork implements JobFolders, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SharedWork.class);

    /** More plans than an experiment has. */
    private static final int KEPT_PLANS = 64;

    private final Semaphore turns;
    private final Map<PlanId, LoadedPlan> compiled = new LinkedHashMap<>(KEPT_PLANS, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PlanId, LoadedPlan> eldest) {
            return size() > KEPT_PLANS;
        }
    };

    private final Map<PlanId, Path> files = new HashMap<>();
    private final Path folder;
    private final Queue<Path> free = new ConcurrentLinkedQueue<>();

    /**
     * @param folder of the plans' files
     * @param parallelism how many jobs are worked on at a time
     */
    SharedWork(Path folder, int parallelism) {
        this.folder = folder;
        turns = new Semaphore(parallelism);
    }

    /** Waits for the job's turn. */
    @Override
    public Path take() {
        try {
            turns.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FedbiomedException(ErrorCode.CANCELLED, "the work was cancelled before its turn", e);
        }
        try {
            var emptied = free.poll();
            return emptied == null ? Files.createTempDirectory(folder, "job-") : emptied;
        } catch (IOException e) {
            turns.release();
            throw new UncheckedIOException("cannot make a job's folder in " + folder, e);
        }
    }

    @Override
    public void giveBack(Path emptied) {
        try {
            SimulationFolder.empty(emptied);
            free.add(emptied);
        } catch (IOException e) {
            LOG.warn("cannot empty {}: {}; it is left until the simulation is opened again", emptied, e.toString());
        } finally {
            turns.release();
        }
    }

    /** Within a job: others may have its turn meanwhile. */
    void pause(Duration time) throws InterruptedException {
        if (time.isZero()) {
            return;
        }
        turns.release();
        try {
            Thread.sleep(time);
        } finally {
            turns.acquireUninterruptibly();
        }
    }

    @Override
    public void close() {
        for (var left = free.poll(); left != null; left = free.poll()) {
            try {
                Files.deleteIfExists(left);
            } catch (IOException e) {
                LOG.warn("cannot remove {}: {}", left, e.toString());
            }
        }
    }

    /** The plan's source file; {@code written} writes it into a folder where it is not there yet. */
    Path planFile(PlanId id, Function<Path, Path> written) {
        synchronized (files) {
            return files.computeIfAbsent(id, _ -> {
                try {
                    return written.apply(Files.createDirectory(folder.resolve("plan-" + id.value())));
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot write a plan into " + folder, e);
                }
            });
        }
    }

    /**
     * The plan, which keeps the data that it has read for itself alone.
     *
     * @param file its text, as {@code id} says; a job's attachments are looked for beside the job's own
     */
    LoadedPlan plan(PlanId id, Path file) {
        LoadedPlan shared;
        synchronized (compiled) {
            shared = compiled.computeIfAbsent(id, _ -> LoadedPlan.compile(PlanSource.read(file)));
        }
        return shared.withAttachments(folder);
    }
}
