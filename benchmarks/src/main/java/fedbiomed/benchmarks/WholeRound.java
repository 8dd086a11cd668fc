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
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A whole round with next to no training (one step of 16 rows, learning rate 0), everything on: mutual TLS, sealing,
 * sandboxed workers, journals, audit logs, every file forced to the disk. Network and nodes are processes of their own; the
 * researcher is this one.
 */
final class WholeRound {
    private static final double NANOS = 1e9;
    private static final int MILLIS = 1000;
    private static final int SETTERS = 2;
    private static final long SAMPLED_MILLIS = 100;
    private static final double KIBI = 1024;
    private static final String ANON = "RssAnon:";

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
        int bytes() {
            return Float.BYTES * (5 * first + second * (first + 2) + 1);
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

    /** The median of a round's wall time, in milliseconds, against {@code goal}. */
    List<Measurement> time(double goal, String goalIs) throws IOException, InterruptedException {
        return run(goal, goalIs, 0);
    }

    /** @param memory that the researcher, and each node with its worker, may hold of their own, in MiB; 0 where it is not looked at */
    List<Measurement> run(double goal, String goalIs, double memory) throws IOException, InterruptedException {
        var plan = Files.writeString(folder.resolve("NoOpPlan.java"), plan(size.first(), size.second()));
        var data = Files.writeString(folder.resolve("rows.csv"), rows());
        try (var parties = new Parties(launcher, folder)) {
            parties.startNetwork();
            parties.enrolResearcher();
            var nodes = Collections.synchronizedMap(new TreeMap<String, Process>());
            try (var setters = Executors.newFixedThreadPool(SETTERS)) {
                for (var one : IntStream.range(0, size.nodes())
                        .mapToObj(i ->
                                setters.submit(() -> nodes.put("node-" + i, node(parties, "node-" + i, data, plan))))
                        .toList()) {
                    one.get();
                }
            } catch (ExecutionException e) {
                throw new IllegalStateException("a node could not be set up", e);
            }
            try (var researcher = Researcher.open(parties.researcherHome());
                    var peaks = new Peaks(memory > 0 ? nodes : Map.of())) {
                var measured = new ArrayList<Measurement>();
                double millis = median(researcher, plan) * MILLIS;
                var what = "a whole round, " + size.nodes() + " nodes, " + size.name() + " model, median";
                measured.add(Measurement.within(what, millis, "ms", goal, goalIs));
                if (memory == 0) {
                    double budget = RoundBudget.millis(folder, size.nodes(), size.bytes());
                    measured.add(Measurement.ofBudget("the same, of its budget", millis, "ms", budget));
                }
                if (memory > 0) {
                    measured.add(Measurement.within(
                            "the researcher in it, memory of its own", peaks.researcher(), "MiB", memory, "the goal"));
                    measured.add(Measurement.within(
                            "a node with its worker, memory of their own",
                            peaks.node(),
                            "MiB",
                            memory,
                            "the goal, to which the engine's own copies of the model come"));
                }
                return measured;
            }
        }
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

    /** A plan's text. @param first, second widths of its model's hidden layers */
    static String plan(int first, int second) {
        return PLAN.replace("FIRST", "" + first).replace("SECOND", "" + second);
    }

    /** A hundred, as CSV, with the columns that the plan reads. */
    static String rows() {
        var csv = new StringBuilder("a,b,c,d,y\n");
        for (int row = 0; row < 100; row++) {
            csv.append("1.5,2.5,3.5,").append(row).append(',').append(row % 7).append('\n');
        }
        return csv.toString();
    }

    /** In seconds. */
    private double median(Researcher researcher, Path plan) {
        var experiment = Experiment.builder(researcher)
                .tags("rows")
                .plan(plan)
                .trainingArgs(args -> args.numUpdates(1).batchSize(16))
                .aggregator(new FedAvg())
                .strategy(Strategy.all().deadline(Duration.ofMinutes(20)))
                .rounds(size.warm() + size.rounds())
                .folder(folder.resolve("experiment"))
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
        var seconds = new double[size.rounds()];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = (ends.get(size.warm() + i) - ends.get(size.warm() + i - 1)) / NANOS;
        }
        Arrays.sort(seconds);
        return seconds[seconds.length / 2];
    }

    /** The most that was ever seen, ten times a second: {@code RssAnon}, without the pages of files that are mapped. */
    private static final class Peaks implements AutoCloseable {
        private final Map<String, Process> nodes;
        private final Thread sampler;
        private volatile double researcher;
        private volatile double node;

        Peaks(Map<String, Process> nodes) {
            this.nodes = nodes;
            this.sampler = Thread.ofPlatform().daemon().start(this::sample);
        }

        double researcher() {
            return researcher;
        }

        double node() {
            return node;
        }

        private void sample() {
            try {
                while (true) {
                    researcher = Math.max(
                            researcher, AtRest.status(ProcessHandle.current().pid(), ANON) / KIBI);
                    for (var process : nodes.values()) {
                        node = Math.max(node, AtRest.sum(process, ANON));
                    }
                    Thread.sleep(SAMPLED_MILLIS);
                }
            } catch (InterruptedException _) {
                // it is over
            }
        }

        @Override
        public void close() throws InterruptedException {
            sampler.interrupt();
            sampler.join();
        }
    }
}
