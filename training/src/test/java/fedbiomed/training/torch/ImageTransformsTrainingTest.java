package fedbiomed.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
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
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.TrainingArgs;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that the plan itself resizes, scales and augments; masks that go with them. */
class ImageTransformsTrainingTest {
    private static final String PLAN = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class BrightPlan extends TorchPlan {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.tensors().input("image", 1, 9, 8).resize("image", 6, 6).scale("image", 1 / 255.0)
                            .normalise("image", 0.5, 0.25)
                            .augment("image", flipHorizontal(0.5), flipVertical(0.5), rotate90(), shift(0.2),
                                    gaussianNoise(0.05), brightness(0.1))
                            .target("label").classes("dark", "bright").splitBy("patient").stratify();
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
                public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return crossEntropy(model.forward(batch.input("image")), batch.target("label"));
                }
            }
            """;

    /** Its loss is how far the mask is from the image, which holds the same; nothing is learnt. */
    private static final String MASKS = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class MaskPlan extends TorchPlan {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.tensors().input("image", 1, 8, 8)
                            .augment("image", flipHorizontal(0.5), rotate90(), shift(0.3))
                            .target("mask").segmentation("background", "tumour");
                }

                @Override
                public TorchModule model(Args args) {
                    return groupNorm(1, 1);
                }

                @Override
                public TorchOptimizer optimizer(TorchModule model, Args args) {
                    return sgd(model, 0.1);
                }

                @Override
                public TorchTensor forward(TorchModule model, Batch batch) {
                    return batch.input();
                }

                @Override
                public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return mseLoss(batch.input().squeeze(1), batch.target()).add(model.forward(batch.input()).sum().multiply(0));
                }
            }
            """;

    private static final int IMAGES = 40;

    @TempDir
    Path folder;

    /** Two images of each patient, of one class. */
    private StoredDataset images() throws IOException {
        var random = new SplittableRandom(5);
        var root = Files.createDirectories(folder.resolve("xrays"));
        var labels = new StringBuilder("file,label,patient\n");
        for (int i = 0; i < IMAGES; i++) {
            boolean bright = i / 2 % 2 == 1;
            var image = new BufferedImage(8, 9, BufferedImage.TYPE_BYTE_GRAY);
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < image.getWidth(); x++) {
                    image.getRaster().setSample(x, y, 0, (bright ? 150 : 20) + random.nextInt(80));
                }
            }
            ImageIO.write(image, "png", root.resolve("i%02d.png".formatted(i)).toFile());
            labels.append("i%02d.png,%s,Q%d%n".formatted(i, bright ? "bright" : "dark", i / 2));
        }
        Files.writeString(root.resolve("labels.csv"), labels);
        return StoredDataset.of("image-folder", root, Map.of());
    }

    private WorkerJob job(WorkerJob.Task task, String text, StoredDataset data, TrainingArgs args) throws IOException {
        return new WorkerJob(
                task,
                Files.writeString(folder.resolve("plan.java"), text),
                Args.NONE,
                args,
                new Participant(new PartyId("hospital-a"), "xrays"),
                1,
                data,
                folder.resolve("global.safetensors"),
                folder.resolve("local.safetensors"),
                null);
    }

    private static TrainingArgs.Builder args() {
        return TrainingArgs.builder().epochs(10).batchSize(8).testRatio(0.25).randomSeed(3);
    }

    private WorkerReply.Done run(
            WorkerJob.Task task, String text, StoredDataset data, TrainingArgs args, List<Scalar> scalars)
            throws IOException {
        try (var plan = LoadedPlan.compile(new PlanSource(text))) {
            Safetensors.write(folder.resolve("global.safetensors"), plan.initialParameters(Args.NONE, 1));
            return plan.run(job(task, text, data, args), scalars::add);
        }
    }

    @Test
    void whatIsDrawnForTrainingIsTheSameAgainAndNothingIsDrawnForATest() throws IOException {
        var images = images();
        var args = args().testOnGlobalUpdates(true).testOnLocalUpdates(true).build();
        var done = run(WorkerJob.Task.TRAIN, PLAN, images, args, new ArrayList<>());
        assertThat(done.samples()).isEqualTo(IMAGES * 3 / 4);
        assertThat(Metrics.of(Objects.requireNonNull(done.localTest()))).containsEntry("accuracy", 1.0);
        var trained = Files.readAllBytes(folder.resolve("local.safetensors"));
        assertThat(run(WorkerJob.Task.TRAIN, PLAN, images, args, new ArrayList<>())
                        .localTest())
                .usingRecursiveComparison()
                .isEqualTo(done.localTest());
        assertThat(Files.readAllBytes(folder.resolve("local.safetensors"))).isEqualTo(trained);

        var plain = PLAN.replaceAll("(?s)\\.augment\\(.*?\\)\\)\\s*\\.target", ".target");
        assertThat(plain).doesNotContain("augment");
        var without = run(WorkerJob.Task.TRAIN, plain, images, args, new ArrayList<>());
        // the incoming model's test sees the same images, training others
        assertThat(without.globalTest()).usingRecursiveComparison().isEqualTo(done.globalTest());
        assertThat(Files.readAllBytes(folder.resolve("local.safetensors"))).isNotEqualTo(trained);
    }

    @Test
    void theFirstTryAndTheCheckSeeTheShapeAfterResizing() throws IOException {
        var check = run(WorkerJob.Task.CHECK, PLAN, images(), args().build(), new ArrayList<>());
        assertThat(check.batch()).containsExactly(List.of(8L, 1L, 6L, 6L));
        try (var plan = LoadedPlan.compile(
                new PlanSource(PLAN.replace("resize(\"image\", 6, 6)", "resize(\"image\", 7, 7)")))) {
            assertThatThrownBy(() -> plan.requirements(Args.NONE)).isInstanceOf(FedbiomedException.class);
        }
        try (var plan = LoadedPlan.compile(new PlanSource(PLAN))) {
            assertThat(plan.requirements(Args.NONE).columns()).containsExactly("image", "label", "patient");
        }
    }

    @Test
    void twoImagesOfAPatientAreOnOneSide() throws IOException {
        var images = images();
        try (var plan = LoadedPlan.compile(new PlanSource(PLAN))) {
            var split = plan.split(job(WorkerJob.Task.TRAIN, PLAN, images, args().build()));
            // 5 of 20 patients, of each class a quarter of 10
            assertThat(split.test()).hasSize(10);
            for (int i = 0; i < split.test().length; i += 2) {
                assertThat(split.test()[i + 1]).isEqualTo(split.test()[i] + 1);
                assertThat(split.test()[i] % 2).isZero();
            }
            assertThat(IntStream.of(split.test()).filter(i -> i / 2 % 2 == 1).count())
                    .isIn(4L, 6L);
        }
    }

    private StoredDataset masks(DType dtype, int maskSide) throws IOException {
        int samples = 12;
        var random = new SplittableRandom(9);
        var image = random.ints((long) samples * 64, 0, 2).asDoubleStream().toArray();
        var mask = maskSide == 8 ? image : new double[samples * maskSide * maskSide];
        var file = folder.resolve("masks.safetensors");
        Safetensors.write(
                file,
                Parameters.builder()
                        .put("image", Tensor.ofDoubles(image, samples, 1, 8, 8))
                        .put("mask", mask(dtype, mask, samples, maskSide, maskSide))
                        .build());
        return StoredDataset.of("tensors", file, Map.of());
    }

    private static Tensor mask(DType dtype, double[] values, long... shape) {
        return switch (dtype) {
            case I64 ->
                Tensor.ofLongs(
                        java.util.Arrays.stream(values)
                                .mapToLong(value -> (long) value)
                                .toArray(),
                        shape);
            case U8 -> {
                var bytes = new byte[values.length];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) values[i];
                }
                yield Tensor.of(DType.U8, shape, MemorySegment.ofArray(bytes));
            }
            default -> Tensor.ofDoubles(values, shape);
        };
    }

    @Test
    void aMaskStaysOnItsImage() throws IOException {
        for (var dtype : List.of(DType.I64, DType.U8, DType.F64)) {
            var scalars = new ArrayList<Scalar>();
            run(WorkerJob.Task.TRAIN, MASKS, masks(dtype, 8), args().build(), scalars);
            assertThat(scalars)
                    .filteredOn(scalar -> scalar.name().equals("loss"))
                    .isNotEmpty()
                    .allSatisfy(scalar -> assertThat(scalar.value()).isZero());
        }
    }

    @Test
    void whatDoesNotFitADatasetIsToldByItsShape() throws IOException {
        var small = masks(DType.I64, 4);
        unfit(MASKS, small, "a sample of 'mask' has the shape [4, 4], one of 'image' [1, 8, 8]");
        // of one size in the plan, the smaller mask fits
        var resized = MASKS.replace(".target(\"mask\")", ".target(\"mask\").resize(\"mask\", 8, 8)");
        run(WorkerJob.Task.TRAIN, resized, small, args().build(), new ArrayList<>());
        unfit(
                MASKS.replace(", 1, 8, 8)", ")")
                        .replace(
                                ".augment",
                                ".normalise(\"image\", new double[] {1, 2, 3}, new double[] {1, 2, 3}).augment"),
                masks(DType.I64, 8),
                "array 'image' has the shape [1, 8, 8] a sample, and 3 means");
        unfit(
                MASKS.replace(
                        "segmentation(\"background\", \"tumour\")",
                        "segmentation(\"background\", \"tumour\").splitBy(\"image\")"),
                small,
                "by which the plan splits, has the shape [1, 8, 8] a sample");
    }

    @Test
    void textIsNoArrayToBeScaled() throws IOException {
        var text = PLAN.replace(".scale(\"image\"", ".input(\"patient\").scale(\"patient\", 2).scale(\"image\"");
        unfit(text.replace(".splitBy(\"patient\")", ""), images(), "'patient' is text");
    }

    private void unfit(String plan, StoredDataset data, String expected) {
        assertThatThrownBy(() -> run(WorkerJob.Task.TRAIN, plan, data, args().build(), new ArrayList<>()))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageContaining(expected);
    }
}
