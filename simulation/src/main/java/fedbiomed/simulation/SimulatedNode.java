package fedbiomed.simulation;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.DeclaredTypes;
import fedbiomed.node.Node;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
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
        return addDataset(new StoredDataset(DatasetKinds.CSV, csv), name(csv), List.of(tags));
    }

    private static String name(Path csv) {
        var file = String.valueOf(csv.getFileName());
        int dot = file.lastIndexOf('.');
        return dot > 0 ? file.substring(0, dot) : file;
    }

    /**
     * Shares a part of a table, as {@link #addDataset(Path, String...)}.
     *
     * @param whole the whole table's columns: where what is read of the part alone would be of another type, it is declared
     */
    SimulatedNode addPart(Path csv, List<ColumnDescription> whole, String... tags) {
        var data = new StoredDataset(DatasetKinds.CSV, csv);
        if (isShared(data, name(csv))) {
            return this;
        }
        var datasets = node().datasets();
        var prepared = datasets.prepare(data, name(csv), List.of(tags), "", ReadProgress.NONE);
        var types = otherTypes(whole, prepared.description().columns());
        if (!types.isEmpty()) {
            var declared = StoredDataset.of(
                    DatasetKinds.CSV, csv, Map.of(DeclaredTypes.SETTING, DeclaredTypes.setting(types)));
            prepared = datasets.prepare(declared, name(csv), List.of(tags), "", ReadProgress.NONE);
        }
        datasets.share(List.of(prepared));
        return this;
    }

    /** The whole table's, of the columns whose part is of another type. */
    private static SortedMap<String, ColumnType> otherTypes(
            List<ColumnDescription> whole, List<ColumnDescription> part) {
        var types = new TreeMap<String, ColumnType>();
        for (int i = 0; i < whole.size(); i++) {
            var type = whole.get(i).type();
            if (part.get(i).type() != type) {
                types.put(whole.get(i).name(), type);
            }
        }
        return types;
    }

    /**
     * Shares a dataset; one that is shared already under that name stays as it is.
     *
     * @return this
     * @throws FedbiomedException as {@code DatasetRegistry.add}; {@code DATASET_CHANGED} if it was shared with another
     *     content
     */
    public SimulatedNode addDataset(StoredDataset data, String name, Collection<String> tags) {
        if (!isShared(data, name)) {
            node().datasets().add(data, name, tags, "");
        }
        return this;
    }

    private boolean isShared(StoredDataset data, String name) {
        try {
            var path = data.path().toRealPath();
            var datasets = node().datasets();
            for (var known : datasets.list()) {
                if (known.description().name().equals(name) && known.path().equals(path)) {
                    datasets.requireUnchanged(known);
                    return true;
                }
            }
        } catch (IOException _) {
            // the registry says it better
        }
        return false;
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
            if (job.trainingArgs().compression() == null) {
                store.trained(global, trained, job.round());
            } else {
                // what the node compresses; its checks come after
                store.transform(global, trained, job.round());
            }
        }
    }

    @Override
    public String toString() {
        return "simulated node " + name;
    }
}
