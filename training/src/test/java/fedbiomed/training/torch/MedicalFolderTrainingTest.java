package fedbiomed.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.Safetensors;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.metrics.Metrics;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example's network learns to segment its made subjects, whose images and masks are files of their own. */
class MedicalFolderTrainingTest {
    private static final Path EXAMPLE = Path.of("../examples/medical-folder");
    private static final Map<String, String> SETTINGS =
            Map.of("masks", "dseg", "missing", "leave-out", "transforms", "resample=2x2x2 size=16x16x16 zscore");

    @TempDir
    static Path folder;

    @BeforeAll
    static void makeData() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var made = new ProcessBuilder(java, EXAMPLE.resolve("MakeData.java").toString(), folder.toString())
                .inheritIO()
                .start();
        assertThat(made.waitFor()).isZero();
    }

    private static WorkerReply.Done train(String hospital, Map<String, String> settings, String text)
            throws IOException {
        var args = TrainingArgs.builder()
                .epochs(3)
                .batchSize(4)
                .testRatio(0.25)
                .testOnGlobalUpdates(true)
                .testOnLocalUpdates(true)
                .randomSeed(3)
                .build();
        try (var plan = LoadedPlan.compile(new PlanSource(text))) {
            Safetensors.write(folder.resolve("global.safetensors"), plan.initialParameters(Args.NONE, 1));
            var job = new WorkerJob(
                    WorkerJob.Task.TRAIN,
                    Files.writeString(folder.resolve("LesionPlan.java"), text),
                    Args.NONE,
                    args,
                    new Participant(new PartyId("hospital-a"), "lesions"),
                    1,
                    StoredDataset.of("medical-folder", folder.resolve(hospital), settings),
                    folder.resolve("global.safetensors"),
                    folder.resolve("local.safetensors"),
                    null);
            return plan.run(job, _ -> {});
        }
    }

    private static String plan() throws IOException {
        return Files.readString(EXAMPLE.resolve("LesionPlan.java"));
    }

    @Test
    void aNetworkLearnsFromImagesAndMasksOfSubjects() throws IOException {
        var done = train("hospital-b", SETTINGS, plan());
        // one subject of 25 has no mask
        assertThat(done.samples()).isEqualTo(18);
        var before = Metrics.of(Objects.requireNonNull(done.globalTest()));
        var after = Metrics.of(Objects.requireNonNull(done.localTest()));
        assertThat(after.get("dice")).isGreaterThan(Objects.requireNonNull(before.get("dice")) + 0.2);
    }

    @Test
    void whatDoesNotFitIsToldWithoutTheNamesOfSubjects() throws IOException {
        refused(Map.of("masks", "dseg", "transforms", "size=16x16x16"), plan(), "the dataset cannot be read");
        refused(
                Map.of("masks", "dseg", "missing", "leave-out", "transforms", "size=8x8x8"),
                plan(),
                "has the shape [1, 8, 8, 8] a sample, the plan asks for [1, 16, 16, 16]");
    }

    private static void refused(Map<String, String> settings, String plan, String expected) {
        assertThatThrownBy(() -> train("hospital-b", settings, plan))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageContaining(expected)
                .hasMessageNotContaining("sub-");
    }
}
