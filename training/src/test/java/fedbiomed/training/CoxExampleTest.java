package fedbiomed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.training.metrics.Metrics;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.TrainingArgs;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code examples/cox}, its rounds averaged by rows, without a network. */
class CoxExampleTest {
    private static final Path EXAMPLE =
            Path.of("..", "examples", "cox").toAbsolutePath().normalize();
    private static final List<String> HOSPITALS = List.of("north", "south", "east");
    private static final Args MODEL_ARGS = new Args(Map.of("learning_rate", "constant", "eta0", 0.5));

    @TempDir
    Path folder;

    private WorkerJob job(WorkerJob.Task task, String hospital) {
        return new WorkerJob(
                task,
                EXAMPLE.resolve("SurvivalPlan.java"),
                MODEL_ARGS,
                TrainingArgs.builder()
                        .epochs(10)
                        .batchSize(1000)
                        .testRatio(0.25)
                        .randomSeed(42)
                        .build(),
                new Participant(new PartyId(hospital), "survival"),
                1,
                new StoredDataset("csv", EXAMPLE.resolve("hospital-" + hospital + ".csv")),
                folder.resolve("global.safetensors"),
                task == WorkerJob.Task.TRAIN ? folder.resolve("local.safetensors") : null,
                null);
    }

    /** lifelines on all rows, stratified by hospital, finds 0.668, 0.326, -0.688; the data were made with 0.7, 0.4, -0.6. */
    @Test
    void threeHospitalsFindTheRisksThatTheDataWereMadeWith() {
        try (var plan = LoadedPlan.compile(PlanSource.read(EXAMPLE.resolve("SurvivalPlan.java")))) {
            var global = plan.initialParameters(MODEL_ARGS, 1);
            for (int round = 0; round < 10; round++) {
                Safetensors.write(folder.resolve("global.safetensors"), global);
                var mean = new double[3];
                long rows = 0;
                for (var hospital : HOSPITALS) {
                    var done = plan.run(job(WorkerJob.Task.TRAIN, hospital), _ -> {});
                    rows += done.samples();
                    try (var local = Safetensors.open(folder.resolve("local.safetensors"))) {
                        var coef = local.parameters().get("coef").toDoubles();
                        for (int f = 0; f < mean.length; f++) {
                            mean[f] += coef[f] * done.samples();
                        }
                    }
                }
                for (int f = 0; f < mean.length; f++) {
                    mean[f] /= rows;
                }
                global = Parameters.builder()
                        .put("coef", Tensor.ofDoubles(mean, 1, 3))
                        .build();
            }
            Safetensors.write(folder.resolve("global.safetensors"), global);
            assertThat(global.get("coef").toDoubles()).containsExactly(new double[] {0.7, 0.4, -0.6}, within(0.2));
            var pooled = HOSPITALS.stream()
                    .map(hospital -> Objects.requireNonNull(plan.run(job(WorkerJob.Task.EVALUATE, hospital), _ -> {})
                            .globalTest()))
                    .reduce(EvaluationSums::plus)
                    .orElseThrow();
            assertThat(Metrics.of(pooled).get("concordance_index")).isBetween(0.6, 0.8);
            System.out.println(
                    "COX " + java.util.Arrays.toString(global.get("coef").toDoubles()) + Metrics.of(pooled));
        }
    }
}
