package fedbiomed.cli.demo;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.researcher.experiment.Experiment;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.ModelMetadata;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerJob;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;

/**
 * What hospitals may not do, and the demo can: the same plan, trained on all training rows in one place, for as many
 * epochs as the federation trained altogether, from the same initial values and with the same held-out rows.
 */
final class PooledBaseline {
    private PooledBaseline() {}

    /** @param tables by node name */
    static void train(Experiment federated, Map<String, Path> tables, Path plan, Path output) {
        var arguments = federated.arguments();
        var federatedArgs = arguments.trainingArgs();
        int epochs = federatedArgs.epochs() == null ? 1 : federatedArgs.epochs();
        var args = federatedArgs.toBuilder()
                .epochs(epochs * arguments.rounds())
                .dryRun(false)
                .testOnGlobalUpdates(false)
                .testOnLocalUpdates(false)
                .shuffleTestingDataset(false)
                .build();
        var initial = federated.globalModel(0);
        try (var loaded = LoadedPlan.compile(PlanSource.read(plan));
                var mapped = initial.open()) {
            var statistics = ModelMetadata.of(mapped.parameters().metadata()).preprocessing();
            var jobs = new ArrayList<WorkerJob>();
            for (var participant : federated.participants()) {
                jobs.add(new WorkerJob(
                        WorkerJob.Task.TRAIN,
                        plan.toAbsolutePath(),
                        arguments.modelArgs(),
                        args,
                        participant,
                        1,
                        new StoredDataset(
                                DatasetKinds.CSV,
                                Objects.requireNonNull(
                                                tables.get(participant.node().value()))
                                        .toAbsolutePath()),
                        initial.file().toAbsolutePath(),
                        output.toAbsolutePath(),
                        statistics));
            }
            loaded.trainPooled(jobs, _ -> {});
        }
    }
}
