package fedbiomed.simulation;

import fedbiomed.training.LoadedPlan;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.PlanId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

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

    private final Map<PlanId, Path> files = new HashMap<>();
    private final Path folder;

    /**
     * @param folder of the plans' files
     * @param parallelism how many jobs are worked on at a time
     */
    SharedWork(Path folder, int parallelism) {
        this.folder = folder;
        turns = new Semaphore(parallelism);
    }

    Semaphore turns() {
        return turns;
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
