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
import java.util.List;

/**
 * A whole round of many nodes with a small model and next to no training (one step of 16 rows, learning rate 0), everything
 * on: mutual TLS, sealing, sandboxed workers, journals, audit logs, every file forced to the disk. Network and nodes are
 * processes of their own; the researcher is this one.
 */
final class SmallRound {
    private static final double NANOS = 1e9;
    private static final int WARM = 10;
    private static final int ROUNDS = 40;
    private static final int MILLIS = 1000;

    /** 259,257 parameters: 1.04 MB. */
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
                    return sequential(linear(4, 256), linear(256, 1000), linear(1000, 1));
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
    private final int nodes;

    SmallRound(Path launcher, Path folder, int nodes) {
        this.launcher = launcher;
        this.folder = folder;
        this.nodes = nodes;
    }

    List<Measurement> run() throws IOException, InterruptedException {
        var plan = Files.writeString(folder.resolve("NoOpPlan.java"), PLAN);
        var data = Files.writeString(folder.resolve("rows.csv"), rows());
        try (var parties = new Parties(launcher, folder)) {
            parties.startNetwork();
            parties.enrolResearcher();
            for (int i = 0; i < nodes; i++) {
                var node = "node-" + i;
                parties.enrolNode(node);
                parties.trustEachOther(node);
                parties.run(
                        "node", "dataset", "add", data.toString(), "--name", "rows", "--tags", "rows", "--home", node);
                parties.run("node", "plan", "add", plan.toString(), "--home", node);
                var plans = Json.MAPPER.readTree(parties.run("node", "plan", "list", "--json", "--home", node));
                var id = plans.path(0).path("id").asText();
                parties.run("node", "plan", "approve", id, "--home", node);
                parties.startNode(node);
            }
            try (var researcher = Researcher.open(parties.researcherHome())) {
                return measured(researcher, plan);
            }
        }
    }

    private static String rows() {
        var csv = new StringBuilder("a,b,c,d,y\n");
        for (int row = 0; row < 100; row++) {
            csv.append("1.5,2.5,3.5,").append(row).append(',').append(row % 7).append('\n');
        }
        return csv.toString();
    }

    private List<Measurement> measured(Researcher researcher, Path plan) {
        var experiment = Experiment.builder(researcher)
                .tags("rows")
                .plan(plan)
                .trainingArgs(args -> args.numUpdates(1).batchSize(16))
                .aggregator(new FedAvg())
                .strategy(Strategy.all().deadline(Duration.ofMinutes(2)))
                .rounds(WARM + ROUNDS)
                .folder(folder.resolve("experiment"))
                .build();
        if (experiment.participants().size() != nodes) {
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
        var seconds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            seconds[i] = (ends.get(WARM + i) - ends.get(WARM + i - 1)) / NANOS;
        }
        Arrays.sort(seconds);
        return List.of(Measurement.within(
                "a whole round, " + nodes + " nodes, 1 MB model, median",
                seconds[ROUNDS / 2] * MILLIS,
                "ms",
                60,
                "the goal"));
    }
}
