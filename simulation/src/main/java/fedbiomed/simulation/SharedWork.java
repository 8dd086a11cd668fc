package fedbiomed.simulation;

import fedbiomed.training.LoadedPlan;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.PlanId;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/** What the workers of a simulation share: plans, compiled once for all nodes, and so many turns at a time. */
final class SharedWork {
    /** More plans than an experiment has. */
    private static final int KEPT_PLANS = 64;

    private final Semaphore turns;
    private final Map<PlanId, LoadedPlan> compiled = new LinkedHashMap<>(KEPT_PLANS, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PlanId, LoadedPlan> eldest) {
            return size() > KEPT_PLANS;
        }
    };

    /** @param parallelism how many jobs are worked on at a time */
    SharedWork(int parallelism) {
        turns = new Semaphore(parallelism);
    }

    Semaphore turns() {
        return turns;
    }

    /**
     * The plan, which keeps the data that it has read for itself alone.
     *
     * @param file its text, as {@code id} says
     */
    LoadedPlan plan(PlanId id, Path file) {
        LoadedPlan shared;
        synchronized (compiled) {
            shared = compiled.computeIfAbsent(id, _ -> LoadedPlan.compile(PlanSource.read(file)));
        }
        return shared.withAttachments(file.toAbsolutePath().getParent());
    }
}
