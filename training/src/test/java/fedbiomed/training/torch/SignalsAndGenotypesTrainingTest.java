package fedbiomed.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.Safetensors;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.metrics.Metrics;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plans and data of {@code examples/signals} and {@code examples/genotypes}, added as their READMEs say: what one
 * hospital learns holds at the other, whose files are of another format, unit and order.
 */
class SignalsAndGenotypesTrainingTest {
    private static final Path EXAMPLES =
            Path.of("..", "examples").toAbsolutePath().normalize();
    private static final Map<String, String> WINDOWS =
            Map.of("window", "4s", "step", "2s", "rate", "50", "unit", "mV", "annotations", "(N,(AFIB");

    @TempDir
    Path folder;

    private static StoredDataset signals(String hospital) {
        var settings = new HashMap<>(WINDOWS);
        settings.put("channels", hospital.equals("a") ? "I,II" : "I=ECG I,II=ECG II");
        return StoredDataset.of("signals", EXAMPLES.resolve("signals/hospital-" + hospital), settings);
    }

    private static StoredDataset genotypes(String hospital) {
        return StoredDataset.of(
                "genotypes",
                EXAMPLES.resolve("genotypes/hospital-" + hospital),
                hospital.equals("a")
                        ? Map.of("variants", "variants.txt", "missing", "mean")
                        : Map.of("variants", "variants.txt", "unmatched", "leave-out"));
    }

    private WorkerReply.Done run(LoadedPlan plan, WorkerJob.Task task, StoredDataset data, int epochs, double rate) {
        boolean train = task == WorkerJob.Task.TRAIN;
        try {
            var text = Files.writeString(
                    folder.resolve(plan.source().className() + ".java"),
                    plan.source().text());
            return plan.run(
                    new WorkerJob(
                            task,
                            text,
                            Args.NONE,
                            TrainingArgs.builder()
                                    .epochs(epochs)
                                    .batchSize(32)
                                    .testRatio(0.2)
                                    .testOnLocalUpdates(train)
                                    .optimizerArgs(new Args(Map.of("lr", rate)))
                                    .randomSeed(42)
                                    .build(),
                            new Participant(new PartyId("hospital"), "data"),
                            1,
                            data,
                            folder.resolve("global.safetensors"),
                            train ? folder.resolve("local.safetensors") : null,
                            null),
                    _ -> {});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double accuracy(@Nullable EvaluationSums test) {
        return Objects.requireNonNull(Metrics.of(Objects.requireNonNull(test)).get("accuracy"));
    }

    private void learnsAtOneAndHoldsAtTheOther(
            LoadedPlan plan, StoredDataset a, StoredDataset b, int epochs, double rate, double least)
            throws IOException {
        assertThat(DatasetKinds.describe(a).columns())
                .isEqualTo(DatasetKinds.describe(b).columns());
        Safetensors.write(folder.resolve("global.safetensors"), plan.initialParameters(Args.NONE, 1));
        double before =
                accuracy(run(plan, WorkerJob.Task.EVALUATE, b, epochs, rate).globalTest());
        double own = accuracy(run(plan, WorkerJob.Task.TRAIN, a, epochs, rate).localTest());
        Files.move(
                folder.resolve("local.safetensors"),
                folder.resolve("global.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
        double other =
                accuracy(run(plan, WorkerJob.Task.EVALUATE, b, epochs, rate).globalTest());
        assertThat(List.of(own, other)).as("before: " + before).allMatch(accuracy -> accuracy > least);
        assertThat(other).isGreaterThan(before);
    }

    @Test
    void fibrillationIsToldInRecordingsOfAnotherFormatToo() throws IOException {
        try (var plan = LoadedPlan.open(EXAMPLES.resolve("signals/RhythmPlan.java"))) {
            learnsAtOneAndHoldsAtTheOther(plan, signals("a"), signals("b"), 10, 0.005, 0.8);
        }
    }

    @Test
    void aRiskIsToldFromGenotypesOfAnotherOrderToo() throws IOException {
        try (var plan = LoadedPlan.open(EXAMPLES.resolve("genotypes/RiskPlan.java"))) {
            learnsAtOneAndHoldsAtTheOther(plan, genotypes("a"), genotypes("b"), 15, 0.1, 0.7);
        }
    }

    @Test
    void whatDoesNotFitIsToldWithoutTheNamesOfFiles() throws IOException {
        var rhythm =
                PlanSource.read(EXAMPLES.resolve("signals/RhythmPlan.java")).text();
        refused(
                rhythm.replace("2, 200)", "2, 216)").replace("linear(25 ", "linear(27 "),
                signals("a"),
                "has the shape [2, 200] a sample, the plan asks for");
        refused(
                rhythm.replace("\"(N\", ", "\"N\", "),
                signals("a"),
                "samples have a class that the plan does not declare");
        var risk = PlanSource.read(EXAMPLES.resolve("genotypes/RiskPlan.java")).text();
        refused(risk.replace("60", "61"), genotypes("a"), "[60] a sample, the plan asks for [61]");
        var broken = Files.createDirectory(folder.resolve("patient-files"));
        Files.writeString(broken.resolve("patient-7.edf"), "0       no recording");
        refused(rhythm, StoredDataset.of("signals", broken, WINDOWS), "the dataset cannot be read; its data manager");
    }

    private void refused(String text, StoredDataset data, String expected) {
        try (var plan = LoadedPlan.compile(new PlanSource(text))) {
            Safetensors.write(folder.resolve("global.safetensors"), plan.initialParameters(Args.NONE, 1));
            assertThatThrownBy(() -> run(plan, WorkerJob.Task.TRAIN, data, 1, 0.1))
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                    .hasMessageContaining(expected)
                    .message()
                    .doesNotContain("patient-", "ecg0");
        }
    }
}
