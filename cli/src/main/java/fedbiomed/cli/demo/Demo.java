package fedbiomed.cli.demo;

import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.experiment.Evaluation;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.researcher.experiment.ExperimentListener;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** The demo's story, from an empty folder to the table: each step is what the people of a real federation do. */
final class Demo {
    private final Path folder;
    private final DemoPlan plan;
    private final int rounds;
    private final long seed;
    private final DemoFederation federation;
    private final PrintWriter out;
    private final Phases phases;
    private final ExperimentListener progress;

    Demo(
            Path folder,
            DemoPlan plan,
            int rounds,
            long seed,
            DemoFederation federation,
            PrintWriter out,
            ExperimentListener progress) {
        this.folder = folder;
        this.plan = plan;
        this.rounds = rounds;
        this.seed = seed;
        this.federation = federation;
        this.out = out;
        this.progress = progress;
        this.phases = new Phases(out);
    }

    DemoResult run() throws Exception {
        federation.sandboxWarning().ifPresent(out::println);
        var tables = phases.time(
                "Splitting the patients over three hospitals",
                "data",
                () -> HospitalSplit.write(
                        DemoPlan.examples().resolve("breast-cancer.csv"),
                        Files.createDirectories(folder.resolve("data"))));
        phases.time("Starting the Network (MQTT broker, parameter store, CA)", "network", () -> {
            federation.startNetwork();
            return null;
        });
        phases.time(
                "Enrolling three hospitals and a researcher, exchanging fingerprints, adding datasets", "enrol", () -> {
                    enrol(tables);
                    return null;
                });
        try (var researcher = phases.time(
                "Connecting the researcher", "researcher", () -> Researcher.open(federation.researcherHome()))) {
            phases.time("Waiting for the nodes", "nodes", () -> {
                for (var hospital : tables.keySet()) {
                    federation.awaitNode(hospital);
                }
                return null;
            });
            var offered = phases.time(
                    "Asking the nodes what they offer",
                    "search",
                    () -> researcher.datasets(DemoFederation.TAG).table());
            out.println();
            out.println("What the researcher sees ('fedbiomed datasets'):");
            out.println(offered);
            out.println();
            out.flush();
            return experiments(researcher, tables);
        }
    }

    private void enrol(Map<String, Path> tables) {
        federation.enrolResearcher();
        for (var table : tables.entrySet()) {
            federation.enrolNode(table.getKey());
            federation.addDataset(table.getKey(), table.getValue());
            federation.startNode(table.getKey());
        }
    }

    private DemoResult experiments(Researcher researcher, Map<String, Path> tables) throws Exception {
        var federated = experiment(researcher, "federated", List.of(), progress);
        phases.time("Training the federated model, " + rounds + " rounds", "federated", () -> {
            inParallel(List.of(
                    () -> {
                        federated.run();
                        return null;
                    },
                    () -> {
                        federation.approvePlans(plan.className());
                        return null;
                    }));
            return null;
        });
        var alone = new LinkedHashMap<String, Experiment>();
        for (var hospital : tables.keySet()) {
            alone.put(
                    hospital,
                    experiment(researcher, "alone-" + hospital, List.of(hospital), new ExperimentListener() {}));
        }
        phases.time("For comparison: a model at each hospital alone", "alone", () -> {
            inParallel(alone.values().stream()
                    .<Callable<Void>>map(experiment -> () -> {
                        experiment.run();
                        return null;
                    })
                    .toList());
            return null;
        });
        var pooledModel = folder.resolve("pooled.safetensors");
        phases.time("For comparison: a model on all rows pooled in one place", "pooled", () -> {
            PooledBaseline.train(federated, tables, plan.file(), pooledModel);
            return null;
        });
        var model = folder.resolve("model.safetensors");
        federated.globalModel().save(model);
        var scores = phases.time("Testing the five models on everybody's held-out rows", "test", () -> {
            var result = new ArrayList<ModelScores>();
            result.add(ModelScores.of("all hospitals, federated", byHospital(federated.evaluate(model))));
            for (var one : alone.entrySet()) {
                result.add(ModelScores.of(
                        one.getKey() + " alone",
                        byHospital(
                                federated.evaluate(one.getValue().globalModel().file()))));
            }
            result.add(ModelScores.of("all rows pooled in one place", byHospital(federated.evaluate(pooledModel))));
            return result;
        });
        return report(federated, model, scores, List.copyOf(tables.keySet()));
    }

    private Experiment experiment(Researcher researcher, String name, List<String> nodes, ExperimentListener listener) {
        return Experiment.builder(researcher)
                .from(Experiment.read(plan.experimentFile()))
                .nodes(nodes.toArray(String[]::new))
                .strategy(fedbiomed.researcher.strategy.Strategy.all())
                .rounds(rounds)
                .seed(seed)
                .folder(folder.resolve("experiments").resolve(name))
                .note("The demo's plan")
                .listener(listener)
                .build();
    }

    private static Map<String, EvaluationSums> byHospital(Evaluation evaluation) {
        var result = new LinkedHashMap<String, EvaluationSums>();
        for (var hospital : HospitalSplit.hospitals()) {
            evaluation.sums().forEach((participant, sums) -> {
                if (participant.node().value().equals(hospital)) {
                    result.put(hospital, sums);
                }
            });
        }
        return result;
    }

    private DemoResult report(Experiment federated, Path model, List<ModelScores> scores, List<String> hospitals)
            throws IOException {
        var global = scores.getFirst();
        var pooled = scores.getLast();
        var alone = new LinkedHashMap<String, ModelScores>();
        for (int i = 0; i < hospitals.size(); i++) {
            alone.put(hospitals.get(i), scores.get(i + 1));
        }
        long memory = Math.max(federation.processes().largestResidentMebibytes(), DemoProcesses.ownPeakMebibytes());
        var result = new DemoResult(
                plan.name(),
                rounds,
                global.overall().logLoss(),
                pooled.overall().logLoss(),
                global.overall().rocAuc(),
                pooled.overall().rocAuc(),
                global.overall().accuracy(),
                pooled.overall().accuracy(),
                DemoResult.byHospital(alone, m -> m.overall().logLoss()),
                DemoResult.byHospital(alone, m -> m.overall().accuracy()),
                Sha256.of(model),
                model.toAbsolutePath().normalize().toString(),
                federated.report().toAbsolutePath().normalize().toString(),
                phases.seconds(),
                phases.total(),
                memory);
        out.println();
        out.println(DemoTable.overall(scores));
        out.println();
        out.println(DemoTable.byHospital(global, alone, pooled));
        out.println();
        out.println(
                "Overall figures are those of the pooled rows: accuracy from summed counts, log loss from summed losses,");
        out.println("ROC AUC from summed score histograms of 1,024 bins. No row left its hospital's node.");
        out.println();
        out.println("model     " + result.model());
        out.println("report    " + result.report());
        out.println("time      " + phases.summary());
        out.println("memory    the largest process had " + memory + " MiB resident");
        out.flush();
        return result;
    }

    private static void inParallel(List<Callable<Void>> tasks) throws Exception {
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var completion = new java.util.concurrent.ExecutorCompletionService<Void>(executor);
            tasks.forEach(completion::submit);
            for (int i = 0; i < tasks.size(); i++) {
                try {
                    completion.take().get();
                } catch (ExecutionException e) {
                    executor.shutdownNow();
                    throw e.getCause() instanceof Exception cause ? cause : e;
                }
            }
        }
    }
}
