package fedbiomed.benchmarks;

import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.aggregator.FedAvg;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ExperimentListener;
import fedbiomed.researcher.experiment.RoundSummary;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A whole round with next to no training (one step of 16 rows, learning rate 0), everything on: mutual TLS, sealing,
 * sandboxed workers, journals, audit logs, every file forced to the disk. Network and nodes are processes of their own. Of a
 * small round the researcher is this one; of a large one it is {@code fedbiomed run}, so that its memory is a user's.
 */
final class WholeRound {
    static final Duration DEADLINE = Duration.ofMinutes(20);
    private static final double NANOS = 1e9;
    private static final int MILLIS = 1000;
    private static final int LOOK_EVERY_MILLIS = 10;
    private static final int BATCH = 16;
    private static final String PLAN_FILE = "NoOpPlan.java";
    private static final String RUN = "run";
    private static final int SETTERS = 2;
    private static final double MEBI = 1 << 20;
    private static final String EXPERIMENT = "experiment";

    /** {@code linear(4, 256), linear(256, 1000), linear(1000, 1)}: 259,257 parameters, 1.04 MB. */
    private static final int[] SMALL = {256, 1000};

    private static final String PLAN = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class NoOpPlan extends TorchPlan {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b", "c", "d").target("y");
                }

                @Override
                public TorchModule model(Args args) {
                    return sequential(linear(4, FIRST), linear(FIRST, SECOND), linear(SECOND, 1));
                }

                @Override
                public TorchOptimizer optimizer(TorchModule model, Args args) {
                    return sgd(model, 0);
                }

                @Override
                public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return mseLoss(model.forward(batch.input()), batch.target());
                }
            }
            """;

    private final Path launcher;
    private final Path folder;
    private final Size size;

    /**
     * @param nodes that take part
     * @param first, second widths of the hidden layers: {@code 5 first + second (first + 2) + 1} parameters
     * @param workerMemory of the nodes' settings, where the default is too small for a model with its gradients, which are
     *     counted with the mapped files of what comes and goes
     * @param warm rounds that do not count
     * @param rounds that do
     */
    record Size(
            String name,
            int nodes,
            int first,
            int second,
            @Nullable String workerMemory,
            int warm,
            int rounds) {
        /** In float32. */
        long bytes() {
            return Float.BYTES * (5L * first + (long) second * (first + 2) + 1);
        }

        private String what() {
            return "a whole round, " + nodes + " nodes, " + name + " model, median";
        }

        static Size small(int nodes) {
            return new Size("1 MB", nodes, SMALL[0], SMALL[1], null, 10, 40);
        }

        /** Of two equal layers, {@code width} squared parameters of 4 bytes. */
        static Size large(String name, int nodes, int width, String workerMemory) {
            return new Size(name, nodes, width, width, workerMemory, 1, 3);
        }
    }

    WholeRound(Path launcher, Path folder, Size size) {
        this.launcher = launcher;
        this.folder = folder;
        this.size = size;
    }

    /** The median of a round's wall time, in milliseconds, against {@code goal}, and beside what it cannot do without. */
    List<Measurement> small(double goal, String goalIs) throws IOException, InterruptedException {
        try (var parties = new Parties(launcher, folder)) {
            start(parties);
            try (var researcher = Researcher.open(parties.researcherHome())) {
                double millis = median(researcher) * MILLIS;
                double budget = RoundBudget.millis(folder, size.nodes(), (int) size.bytes());
                return List.of(
                        Measurement.within(size.what(), millis, "ms", goal, goalIs),
                        Measurement.ofBudget("the same, of its budget", millis, "ms", budget));
            }
        }
    }

    /**
     * The median of a round's wall time, and the memory of its parties.
     *
     * @param memory that the researcher, and each node with its worker, may hold of their own, in MiB, beside the engine's
     *     copies of the model: its parameters, where the researcher makes the first model; at a node its gradients, too
     */
    List<Measurement> large(double goal, String goalIs, double memory) throws IOException, InterruptedException {
        try (var parties = new Parties(launcher, folder)) {
            var nodes = start(parties);
            var run = begin(parties);
            try (var peaks = new Peaks(run, nodes, finished(0))) {
                double millis = median(run) * MILLIS;
                if (run.waitFor() != 0) {
                    throw failed(parties);
                }
                double model = size.bytes() / MEBI;
                var isMemory = "RssAnon at its most, less the engine's copies of the model; the goal";
                return List.of(
                        Measurement.within(size.what(), millis, "ms", goal, goalIs),
                        Measurement.within(
                                "the researcher in it, memory of its own (" + shown(peaks.researcherBefore())
                                        + " while it makes the first model)",
                                Math.max(peaks.researcherBefore() - model, peaks.researcher()),
                                "MiB",
                                memory,
                                isMemory),
                        Measurement.within(
                                "a node with its worker, memory of their own (of " + shown(peaks.node()) + ")",
                                peaks.node() - 2 * model,
                                "MiB",
                                memory,
                                isMemory));
            }
        }
    }

    private static String shown(double mebibytes) {
        return Math.round(mebibytes) + " MiB";
    }

    /** A Network, and nodes with data and an approved plan. */
    private Map<String, Process> start(Parties parties) throws IOException, InterruptedException {
        var text = PLAN.replace("FIRST", "" + size.first()).replace("SECOND", "" + size.second());
        var plan = Files.writeString(folder.resolve(PLAN_FILE), text);
        var data = Files.writeString(folder.resolve("rows.csv"), rows());
        parties.startNetwork();
        parties.enrolResearcher();
        var nodes = Collections.synchronizedMap(new TreeMap<String, Process>());
        try (var setters = Executors.newFixedThreadPool(SETTERS)) {
            for (var one : IntStream.range(0, size.nodes())
                    .mapToObj(i -> setters.submit(() -> nodes.put("node-" + i, node(parties, "node-" + i, data, plan))))
                    .toList()) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a node could not be set up", e);
        }
        return nodes;
    }

    private Process begin(Parties parties) throws IOException {
        Files.writeString(folder.resolve("experiment.yaml"), """
                tags: [rows]
                plan: %s
                aggregator: {name: fedavg}
                strategy: {name: all, deadline: %dm}
                rounds: %d
                training_args: {num_updates: 1, loader_args: {batch_size: %d}}
                """.formatted(
                        PLAN_FILE, DEADLINE.toMinutes(), size.warm() + size.rounds(), BATCH));
        return parties.begin(
                RUN, "run", "experiment.yaml", "--home", Parties.RESEARCHER, "--folder", EXPERIMENT, "--no-wait");
    }

    private IllegalStateException failed(Parties parties) throws IOException {
        return new IllegalStateException("the run failed: " + Files.readString(parties.log(RUN)));
    }

    /** Appears in one step, when all of a round is on the disk. */
    private Path finished(int round) {
        return folder.resolve(EXPERIMENT).resolve("rounds").resolve(String.format(Locale.ROOT, "%04d", round));
    }

    /** In seconds. */
    private double median(Process run) throws InterruptedException {
        var ends = new ArrayList<Long>();
        for (int round = 1; round <= size.warm() + size.rounds() && awaited(finished(round), run); round++) {
            ends.add(System.nanoTime());
        }
        return ends.size() < size.warm() + size.rounds() ? Double.NaN : median(ends);
    }

    /** @return false where the run ends without it */
    private static boolean awaited(Path file, Process run) throws InterruptedException {
        while (!Files.exists(file)) {
            if (!run.isAlive()) {
                return Files.exists(file);
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        return true;
    }

    private Process node(Parties parties, String node, Path data, Path plan) throws IOException, InterruptedException {
        parties.enrolNode(node);
        if (size.workerMemory() != null) {
            var config = folder.resolve(node).resolve("config.yaml");
            Files.writeString(
                    config,
                    Files.readString(config)
                            .replaceFirst("(?m)^worker_memory: .*$", "worker_memory: " + size.workerMemory()));
        }
        parties.trustEachOther(node);
        parties.run("node", "dataset", "add", data.toString(), "--name", "rows", "--tags", "rows", "--home", node);
        parties.run("node", "plan", "add", plan.toString(), "--home", node);
        var plans = Json.MAPPER.readTree(parties.run("node", "plan", "list", "--json", "--home", node));
        parties.run("node", "plan", "approve", plans.path(0).path("id").asText(), "--home", node);
        return parties.startNode(node);
    }

    private static String rows() {
        var csv = new StringBuilder("a,b,c,d,y\n");
        for (int row = 0; row < 100; row++) {
            csv.append("1.5,2.5,3.5,").append(row).append(',').append(row % 7).append('\n');
        }
        return csv.toString();
    }

    /** In seconds. */
    private double median(Researcher researcher) {
        var experiment = Experiment.builder(researcher)
                .tags("rows")
                .plan(folder.resolve(PLAN_FILE))
                .trainingArgs(args -> args.numUpdates(1).batchSize(BATCH))
                .aggregator(new FedAvg())
                .strategy(Strategy.all().deadline(DEADLINE))
                .rounds(size.warm() + size.rounds())
                .folder(folder.resolve(EXPERIMENT))
                .build();
        if (experiment.participants().size() != size.nodes()) {
            throw new IllegalStateException("participants: " + experiment.participants());
        }
        var ends = new ArrayList<Long>();
        experiment.listener(new ExperimentListener() {
            @Override
            public void roundFinished(RoundSummary summary) {
                ends.add(System.nanoTime());
            }
        });
        experiment.run();
        return median(ends);
    }

    /** @param ends of all rounds, {@link System#nanoTime}. @return seconds */
    private double median(List<Long> ends) {
        var seconds = new double[size.rounds()];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = (ends.get(size.warm() + i) - ends.get(size.warm() + i - 1)) / NANOS;
        }
        Arrays.sort(seconds);
        return seconds[seconds.length / 2];
    }
}
