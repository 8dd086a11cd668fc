package fedbiomed.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.loading.LoadedColumn;
import fedbiomed.data.loading.LoadingPlan;
import fedbiomed.data.loading.OtherColumns;
import fedbiomed.data.loading.OtherValues;
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
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network learns from a folder of images whose classes are its subfolders. */
class ImageFolderTrainingTest {
    private static final String PLAN = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class BrightPlan extends TorchPlan {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.tensors().input("image", 1, 6, 6).target("label").classes("dark", "bright");
                }

                @Override
                public TorchModule model(Args args) {
                    return sequential(flatten(), linear(36, 2));
                }

                @Override
                public TorchOptimizer optimizer(TorchModule model, Args args) {
                    return sgd(model, 0.5);
                }

                @Override
                public Batch preprocess(Batch batch) {
                    return batch.with("image", batch.input("image").divide(255));
                }

                @Override
                public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return crossEntropy(model.forward(batch.input("image")), batch.target("label"));
                }
            }
            """;
    private static final int IMAGES = 40;

    @TempDir
    Path folder;

    private Path images() throws IOException {
        var random = new SplittableRandom(5);
        for (int i = 0; i < IMAGES; i++) {
            boolean bright = i % 2 == 1;
            // of several sizes: the dataset scales them
            var image = new BufferedImage(8 + i % 3, 9, BufferedImage.TYPE_BYTE_GRAY);
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < image.getWidth(); x++) {
                    image.getRaster().setSample(x, y, 0, (bright ? 150 : 20) + random.nextInt(80));
                }
            }
            var file =
                    folder.resolve("xrays").resolve(bright ? "bright" : "dark").resolve("patient-" + i + ".png");
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            ImageIO.write(image, "png", file.toFile());
        }
        return folder.resolve("xrays");
    }

    private WorkerReply.Done train(Path images, Map<String, String> settings, String text) throws IOException {
        return train(StoredDataset.of("image-folder", images, settings), text);
    }

    private WorkerReply.Done train(StoredDataset data, String text) throws IOException {
        var args = TrainingArgs.builder()
                .epochs(20)
                .batchSize(8)
                .testRatio(0.25)
                .testOnLocalUpdates(true)
                .randomSeed(3)
                .build();
        try (var plan = LoadedPlan.compile(new PlanSource(text))) {
            Safetensors.write(folder.resolve("global.safetensors"), plan.initialParameters(Args.NONE, 1));
            var job = new WorkerJob(
                    WorkerJob.Task.TRAIN,
                    Files.writeString(folder.resolve("BrightPlan.java"), text),
                    Args.NONE,
                    args,
                    new Participant(new PartyId("hospital-a"), "xrays"),
                    1,
                    data,
                    folder.resolve("global.safetensors"),
                    folder.resolve("local.safetensors"),
                    null);
            return plan.run(job, _ -> {});
        }
    }

    @Test
    void classesThatAreSubfoldersAreLearnt() throws IOException {
        var done = train(images(), Map.of("size", "6x6"), PLAN);
        assertThat(done.samples()).isEqualTo(IMAGES * 3 / 4);
        assertThat(Metrics.of(Objects.requireNonNull(done.localTest()))).containsEntry("accuracy", 1.0);
    }

    @Test
    void anArrayAndItsClassesAreLearntUnderAgreedNames() throws IOException {
        var text = PLAN.replace("\"image\"", "\"xray\"")
                .replace("\"label\"", "\"finding\"")
                .replace("\"dark\", \"bright\"", "\"shade\", \"light\"");
        var data = StoredDataset.of("image-folder", images(), Map.of("size", "6x6"))
                .under(new LoadingPlan(
                        "xrays",
                        List.of(
                                LoadedColumn.of("xray", "image"),
                                new LoadedColumn(
                                        "finding",
                                        "label",
                                        new TreeMap<>(Map.of("dark", "shade", "bright", "light")),
                                        OtherValues.REFUSED)),
                        OtherColumns.HIDDEN));
        var done = train(data, text);
        assertThat(done.samples()).isEqualTo(IMAGES * 3 / 4);
        assertThat(Metrics.of(Objects.requireNonNull(done.localTest()))).containsEntry("accuracy", 1.0);
        assertThatThrownBy(() -> train(data, PLAN))
                .hasMessageContaining("there is no array 'image' in the dataset; it has xray, finding");
    }

    @Test
    void whatDoesNotFitIsToldWithoutTheNamesOfFiles() throws IOException {
        var images = images();
        refused(
                images,
                Map.of("size", "6x6"),
                PLAN.replace("\"dark\", ", "\"light\", "),
                "20 of 40 samples have a class");
        refused(images, Map.of("size", "7x7"), PLAN, "has the shape [1, 7, 7] a sample, the plan asks for [1, 6, 6]");
        refused(
                images,
                Map.of("size", "6x6"),
                PLAN.replace(".classes(\"dark\", \"bright\")", ".regression()")
                        .replace("linear(36, 2)", "linear(36, 1)"),
                "is text");
        Files.writeString(images.resolve("dark/patient-8.png"), "no image");
        refused(images, Map.of("size", "6x6"), PLAN, "of the dataset cannot be read");
    }

    private void refused(Path images, Map<String, String> settings, String plan, String expected) {
        assertThatThrownBy(() -> train(images, settings, plan))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageContaining(expected)
                .hasMessageNotContaining("patient");
    }
}
