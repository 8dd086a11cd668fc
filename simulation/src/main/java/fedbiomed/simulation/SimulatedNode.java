package fedbiomed.simulation;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.node.Node;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A node of a simulation: a real {@link Node} with another ground under it, and a {@link Behaviour}. */
public final class SimulatedNode {
    private final PartyId name;
    private final Endpoint endpoint;
    private final NodeFolder store;
    private volatile Behaviour behaviour = Behaviour.honest();
    private @Nullable Node node;

    SimulatedNode(PartyId name, Endpoint endpoint, Path sharedFolder, long seed) {
        this.name = name;
        this.endpoint = endpoint;
        this.store = new NodeFolder(sharedFolder, this, seed);
    }

    void started(Node opened) {
        node = opened;
    }

    public PartyId name() {
        return name;
    }

    /** The node itself: its datasets and plans. */
    public Node node() {
        return Objects.requireNonNull(node, "a simulated node is started where it is made");
    }

    NodeFolder store() {
        return store;
    }

    /** Shares a CSV file under its own name, as {@link #addDataset(StoredDataset, String, Collection)}. */
    public SimulatedNode addDataset(Path csv, String... tags) {
        var file = String.valueOf(csv.getFileName());
        int dot = file.lastIndexOf('.');
        return addDataset(
                new StoredDataset(DatasetKinds.CSV, csv), dot > 0 ? file.substring(0, dot) : file, List.of(tags));
    }

    /**
     * Shares a dataset; one that is shared already under that name stays as it is.
     *
     * @return this
     * @throws FedbiomedException as {@code DatasetRegistry.add}; {@code DATASET_CHANGED} if it was shared with another
     *     content
     */
    public SimulatedNode addDataset(StoredDataset data, String name, Collection<String> tags) {
        try {
            var path = data.path().toRealPath();
            var datasets = node().datasets();
            for (var known : datasets.list()) {
                if (known.description().name().equals(name) && known.path().equals(path)) {
                    datasets.requireUnchanged(known);
                    return this;
                }
            }
        } catch (IOException _) {
            // the registry says it better
        }
        node().datasets().add(data, name, tags, "");
        return this;
    }

    /** How it behaves from now on. @return this */
    public SimulatedNode behaviour(Behaviour now) {
        behaviour = now;
        endpoint.online(now.online());
        return this;
    }

    public Behaviour behaviour() {
        return behaviour;
    }

    /** The job as far as it gets with it. */
    WorkerJob begun(WorkerJob job) {
        var work = behaviour.work();
        return work == null || job.task() != WorkerJob.Task.TRAIN
                ? job
                : job.with(work.shortened(job.trainingArgs(), job.round(), store.random(job.round())));
    }

    /** What it sends of that job goes through its behaviour. */
    void trained(WorkerJob job) {
        var global = job.parameters();
        var trained = job.output();
        if (global != null && trained != null) {
            store.trained(global, trained, job.round());
        }
    }

    @Override
    public String toString() {
        return "simulated node " + name;
    }
}
