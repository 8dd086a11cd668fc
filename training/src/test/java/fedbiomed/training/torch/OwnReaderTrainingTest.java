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
import fedbiomed.vocabulary.DataForm;
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
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan brings the reader of a format that no kind knows: a text file a patient, with a class and a curve. */
class OwnReaderTrainingTest {
    private static final String PLAN = """
            import fedbiomed.training.*;
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;
            import java.util.*;

            public class CurvePlan extends TorchPlan {
                static final class Reader implements SampleReader {
                    @Override
                    public void arrays(Arrays arrays) {
                        arrays.numbers("curve", 5).wholeNumbers("class");
                    }

                    @Override
                    public List<String> samples(PlanFiles files) {
                        return files.names().stream().filter(name -> name.endsWith(".curve")).toList();
                    }

                    @Override
                    public double[] read(PlanFiles files, String sample, String array) {
                        var lines = files.text(sample).lines().toList();
                        if (array.equals("class")) {
                            return new double[] {Integer.parseInt(lines.getFirst())};
                        }
                        return java.util.Arrays.stream(lines.get(1).split(" ")).mapToDouble(Double::parseDouble).toArray();
                    }
                }

                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.files(new Reader()).input("curve", 5).target("class").classes("0", "1");
                }

                @Override
                public TorchModule model(Args args) {
                    return linear(5, 2);
                }

                @Override
                public TorchOptimizer optimizer(TorchModule model, Args args) {
                    return sgd(model, 0.5);
                }

                @Override
                public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return crossEntropy(model.forward(batch.input()), batch.target());
                }
            }
            """;
    private static final int PATIENTS = 40;

    @TempDir
    Path folder;

    private Path curves() throws IOException {
        var random = new SplittableRandom(11);
        var curves = Files.createDirectories(folder.resolve("curves"));
        Files.writeString(curves.resolve("README"), "how they were taken");
        for (int i = 0; i < PATIENTS; i++) {
            int rising = i % 2;
            var text = new StringBuilder(rising + "\n");
            for (int t = 0; t < 5; t++) {
                text.append(t == 0 ? "" : " ").append((rising == 1 ? t : -t) + random.nextDouble());
            }
            Files.writeString(curves.resolve("patient-" + i + ".curve"), text);
        }
        return curves;
    }

    private WorkerReply.Done train(String kind, Path data, String text) throws IOException {
        var args = TrainingArgs.builder()
                .epochs(10)
                .batchSize(8)
                .testRatio(0.25)
                .testOnLocalUpdates(true)
                .randomSeed(3)
                .build();
        try (var plan = LoadedPlan.compile(new PlanSource(text))) {
            Safetensors.write(folder.resolve("global.safetensors"), plan.initialParameters(Args.NONE, 1));
            var job = new WorkerJob(
                    WorkerJob.Task.TRAIN,
                    Files.writeString(folder.resolve("CurvePlan.java"), text),
                    Args.NONE,
                    args,
                    new Participant(new PartyId("hospital-a"), "curves"),
                    1,
                    StoredDataset.of(kind, data, Map.of()),
                    folder.resolve("global.safetensors"),
                    folder.resolve("local.safetensors"),
                    null);
            return plan.run(job, _ -> {});
        }
    }

    @Test
    void whatThePlansReaderReadsIsLearnt() throws IOException {
        var done = train("files", curves(), PLAN);
        assertThat(done.samples()).isEqualTo(PATIENTS * 3 / 4);
        assertThat(Metrics.of(Objects.requireNonNull(done.localTest()))).containsEntry("accuracy", 1.0);
        try (var plan = LoadedPlan.compile(new PlanSource(PLAN));
                var model = Safetensors.open(folder.resolve("local.safetensors"))) {
            assertThat(plan.requirements(Args.NONE).form()).isEqualTo(DataForm.FILES);
            var predicted = plan.predict(model.parameters(), Args.NONE, null, folder.resolve("curves"));
            assertThat(predicted.rows()).isEqualTo(PATIENTS);
        }
    }

    @Test
    void whatThePlansReaderDoesWrongIsToldWithoutWhatItRead() throws IOException {
        var curves = curves();
        refused(curves, PLAN.replace("lines.get(1)", "lines.get(7)"), ErrorCode.PLAN_FAILED, "reader.read threw");
        refused(
                curves,
                PLAN.replace("numbers(\"curve\", 5)", "numbers(\"curve\", 4)").replace("\"curve\", 5)", "\"curve\")"),
                ErrorCode.PLAN_FAILED,
                "gave another number of values for 'curve' than the 4 that it has a sample");
        refused(
                curves,
                PLAN.replace("Integer.parseInt(lines.getFirst())", "0.5"),
                ErrorCode.PLAN_FAILED,
                "'class' that is not whole");
        refused(
                curves,
                PLAN.replace("{Integer.parseInt(lines.getFirst())}", "{}"),
                ErrorCode.PLAN_FAILED,
                "gave another number of values for 'class' than the 1");
        refused(
                curves,
                PLAN.replace("Double::parseDouble", "text -> Double.NaN"),
                ErrorCode.PLAN_FAILED,
                "not finite as F32");
        refused(curves, PLAN.replace("\".curve\"", "\".csv\""), ErrorCode.DATA_UNFIT, "reader finds no sample");
        refused(
                curves,
                PLAN.replace("files.text(sample)", "files.text(\"../CurvePlan.java\")"),
                ErrorCode.PLAN_FAILED,
                "reader.read threw");
        refused(
                curves,
                PLAN.replace(".target(\"class\")", ".target(\"grade\")"),
                ErrorCode.PLAN_INVALID,
                "'grade', which its reader's arrays(...) has not; it has [curve, class]");
    }

    @Test
    void onlyFilesGoWithAReaderAndTheOtherWayRound() throws IOException {
        var curves = curves();
        refused(
                curves,
                PLAN.replace("dataset.files(new Reader())", "dataset.tensors()"),
                ErrorCode.DATA_UNFIT,
                "is files for a reader of the plan's own; choose another dataset, or write dataset.files(reader)");
        assertThatThrownBy(() -> train("image-folder", curves, PLAN))
                .hasMessageContaining("the plan asks for files for a reader of the plan's own");
    }

    private void refused(Path data, String plan, ErrorCode code, String expected) {
        assertThatThrownBy(() -> train("files", data, plan))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(expected)
                .hasMessageNotContaining("patient");
    }
}
