package fedbiomed.simulation;

import fedbiomed.node.registry.AttachmentStore;
import fedbiomed.node.registry.ReviewedPlan;
import fedbiomed.node.round.GpuPolicy;
import fedbiomed.node.round.ScalarStream;
import fedbiomed.node.round.WorkerKey;
import fedbiomed.node.round.Workers;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.Text;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's worker in this JVM: does what {@code WorkerMain} does in a process of its own, by the same code, without a
 * sandbox. A plan runs with all rights of this program: it is the researcher's own.
 */
final class InProcessWorker implements Workers {
    private static final Logger LOG = LoggerFactory.getLogger(InProcessWorker.class);
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int MAX_FAILURE_CHARS = 3000;

    /** Plans on datasets whose data stay in memory from round to round. */
    private static final int KEPT = 8;

    private final SimulatedNode node;
    private final SharedWork shared;
    private final Map<OnDataset, LoadedPlan> plans = new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<OnDataset, LoadedPlan> eldest) {
            return size() > KEPT;
        }
    };

    private record OnDataset(PlanId plan, String dataset) {}

    InProcessWorker(SimulatedNode node, SharedWork shared) {
        this.node = node;
        this.shared = shared;
    }

    /** A simulation computes as its workers would without a GPU: so its results are those of a real federation. */
    @Override
    public GpuPolicy.Decision gpu(boolean asked, boolean torch) {
        return new GpuPolicy.Decision(
                false, asked ? "computing on the CPU: a simulation has no GPU for its nodes" : "", false);
    }

    /** Once for all jobs: they do not write there. */
    @Override
    public Path plan(Path job, ReviewedPlan plan, AttachmentStore files) {
        return shared.planFile(plan.id(), folder -> Workers.super.plan(folder, plan, files));
    }

    @Override
    public WorkerReply.Done run(WorkerKey key, WorkerJob job, boolean torch, ScalarStream scalars) {
        var behaviour = node.behaviour();
        try {
            shared.pause(behaviour.delay());
            var failure = behaviour.failure();
            if (failure != null) {
                throw new FedbiomedException(ErrorCode.PLAN_FAILED, failure);
            }
            try {
                return done(key, job, scalars);
            } finally {
                scalars.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FedbiomedException(ErrorCode.CANCELLED, "the work was cancelled", e);
        }
    }

    private WorkerReply.Done done(WorkerKey key, WorkerJob job, ScalarStream scalars) {
        long start = System.nanoTime();
        try {
            var plan = plan(key, job.plan());
            long compileMillis = (System.nanoTime() - start) / NANOS_PER_MILLI;
            var done = plan.run(node.begun(job), scalars::add);
            node.trained(job);
            return done.timed(done.timings().with("compile", compileMillis));
        } catch (FedbiomedException e) {
            LOG.debug("a job of {} failed", node.name(), e);
            throw Workers.refusal(e.code(), Text.shownLines(e.text(), MAX_FAILURE_CHARS));
        } catch (OutOfMemoryError e) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_FAILED,
                    "the simulation has not enough memory for this plan and data (-Xmx); lower batch_size, the model's"
                            + " size, or how many jobs run at a time (parallelism)",
                    e);
        } catch (RuntimeException e) {
            LOG.error("a job of {} failed", node.name(), e);
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "the worker failed with " + e.getClass().getName() + "; the log has the rest",
                    e);
        }
    }

    private LoadedPlan plan(WorkerKey key, Path file) {
        synchronized (plans) {
            return plans.computeIfAbsent(new OnDataset(key.plan(), key.dataset()), on -> shared.plan(on.plan(), file));
        }
    }

    @Override
    public int size() {
        return 0;
    }

    @Override
    public void close() {}
}
