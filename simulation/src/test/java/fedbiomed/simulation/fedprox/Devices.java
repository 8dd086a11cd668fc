package fedbiomed.simulation.fedprox;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.Safetensors;
import fedbiomed.researcher.aggregator.AggregationRound;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.researcher.aggregator.Update;
import fedbiomed.simulation.fedprox.Synthetic.Device;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Seeds;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The devices with their data, and rounds of a method over them without messages: plans train as in a node's worker, and
 * the aggregator folds as in an experiment.
 */
final class Devices {
    static final String PLAN = """
            import fedbiomed.training.linear.*;

            public class SyntheticPlan extends SgdClassifier {
                @Override
                public TrainingData data(DatasetView dataset) {
                    String[] inputs = new String[60];
                    for (int i = 0; i < inputs.length; i++) {
                        inputs[i] = "x" + i;
                    }
                    return dataset.table().inputs(inputs).target("y")
                            .classes("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
                }
            }
            """;
    static final Map<String, Object> MODEL = Map.of(
            "loss",
            "log_loss",
            "multi_class",
            "multinomial",
            "penalty",
            "none",
            "learning_rate",
            "constant",
            "eta0",
            0.01);

    private final Path folder;
    private final Path planFile;
    private final LoadedPlan plan;
    private final List<LoadedPlan> plans = new ArrayList<>();
    private final List<Participant> participants = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final GlobalLoss loss;
    private final long seed;

    Devices(Path folder, List<Device> devices, long seed) throws IOException {
        this(folder, devices, seed, Devices::name);
    }

    /** @param datasetIds of the devices, by number */
    Devices(Path folder, List<Device> devices, long seed, IntFunction<String> datasetIds) throws IOException {
        this.folder = folder;
        this.seed = seed;
        planFile = Files.writeString(folder.resolve("SyntheticPlan.java"), PLAN);
        plan = LoadedPlan.compile(PlanSource.read(planFile));
        for (int k = 0; k < devices.size(); k++) {
            files.add(folder.resolve(name(k) + ".csv"));
            devices.get(k).write(files.get(k));
            // each keeps the data that it has read
            plans.add(plan.withAttachments(folder));
            participants.add(new Participant(PartyId.of(name(k)), datasetIds.apply(k)));
        }
        loss = new GlobalLoss(devices, k -> plans.get(k).split(job(k, arguments(), 1, null, null)));
    }

    static String name(int device) {
        return "device-%02d".formatted(device);
    }

    Path planFile() {
        return planFile;
    }

    /** A fifth of the rows is held out; batches of ten. */
    static TrainingArgs.Builder arguments(TrainingArgs.Builder args) {
        return args.epochs(Schedule.EPOCHS).batchSize(10).testRatio(0.2).logInterval(Integer.MAX_VALUE);
    }

    private TrainingArgs arguments() {
        return arguments(TrainingArgs.builder()).randomSeed(seed).build();
    }

    GlobalLoss loss() {
        return loss;
    }

    /** A method: an aggregator, and whether it uses what stragglers have done. */
    record Method(String name, Aggregator aggregator, boolean partialWork) {
        Map<Integer, Integer> epochs(Schedule schedule, int round) {
            return partialWork ? schedule.epochs(round) : schedule.withoutStragglers(round);
        }
    }

    /** Rounds from the untrained model on. @return the global models' losses, from the untrained one's on */
    List<Double> run(Method method, Schedule schedule, int rounds) throws IOException {
        var losses = new ArrayList<Double>();
        var global = folder.resolve("global.safetensors");
        Safetensors.write(global, plan.initialParameters(new Args(MODEL), Seeds.model(seed)));
        losses.add(loss.of(global));
        for (int round = 1; round <= rounds; round++) {
            var updates = new ArrayList<Update>();
            for (var work : new TreeMap<>(method.epochs(schedule, round)).entrySet()) {
                updates.add(trained(work.getKey(), work.getValue(), method.aggregator(), round));
            }
            var next = folder.resolve("next.safetensors");
            try (var folding = new AggregationRound(
                    method.aggregator(),
                    global,
                    updates,
                    participants.size(),
                    AggregationRound.State.NONE,
                    Set.of(),
                    next,
                    folder.resolve("state.safetensors"))) {
                method.aggregator().aggregate(folding);
            }
            Files.move(next, global, StandardCopyOption.REPLACE_EXISTING);
            losses.add(loss.of(global));
        }
        return losses;
    }

    /** The last run's model. */
    Path model() {
        return folder.resolve("global.safetensors");
    }

    private Update trained(int device, int epochs, Aggregator aggregator, int round) {
        var output = folder.resolve("update-" + device + ".safetensors");
        var asked = aggregator.forNodes(arguments());
        var job = job(device, asked.toBuilder().epochs(epochs).build(), round, model(), output);
        var done = plans.get(device).run(job, _ -> {});
        return new Update(participants.get(device), output, done.samples(), done.updates());
    }

    private WorkerJob job(
            int device, TrainingArgs arguments, int round, @Nullable Path parameters, @Nullable Path output) {
        return new WorkerJob(
                WorkerJob.Task.TRAIN,
                planFile,
                new Args(MODEL),
                arguments,
                participants.get(device),
                round,
                new StoredDataset(DatasetKinds.CSV, files.get(device)),
                parameters,
                output,
                null);
    }
}
