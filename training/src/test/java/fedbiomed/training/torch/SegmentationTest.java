package fedbiomed.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.metrics.MetricChoice;
import fedbiomed.training.metrics.Metrics;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.TrainingArgs;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes' masks against a network that hands its input through, so that what is predicted is known. */
class SegmentationTest {
    private static final int SIDE = 5;
    private static final Offset<Double> EXACT = within(1e-12);

    private static final String PLAN = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class Masks extends TorchPlan {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.tensors().input("image", CHANNELS, 5, 5).target("mask").segmentation(NAMES);
                }

                @Override
                public TorchModule model(Args args) {
                    return groupNorm(1, CHANNELS);
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
                    return model.forward(batch.input()).mean();
                }
            }
            """;

    @TempDir
    Path folder;

    /** @param logits {@code [samples, channels, side, side]}; @param mask {@code [samples, side, side]} */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Images(int samples, int channels, double[] logits, double[] mask) {
        static Images of(int samples, int channels, int classes, long seed) {
            var random = new SplittableRandom(seed);
            int elements = samples * SIDE * SIDE;
            return new Images(
                    samples,
                    channels,
                    random.doubles((long) elements * channels, -1, 1).toArray(),
                    random.ints(elements, 0, classes).asDoubleStream().toArray());
        }

        int predicted(int element) {
            int plane = SIDE * SIDE;
            int at = element / plane * plane * channels + element % plane;
            if (channels == 1) {
                return logits[at] > 0 ? 1 : 0;
            }
            return IntStream.range(0, channels)
                    .boxed()
                    .max((a, b) -> Double.compare(logits[at + a * plane], logits[at + b * plane]))
                    .orElseThrow();
        }
    }

    private static String plan(int channels, String... names) {
        return PLAN.replace("CHANNELS", Integer.toString(channels))
                .replace("NAMES", "\"" + String.join("\", \"", names) + "\"");
    }

    private EvaluationSums tested(String text, Images images, Tensor mask) {
        var file = folder.resolve("images.safetensors");
        Safetensors.write(
                file,
                Parameters.builder()
                        .put(
                                "image",
                                Tensor.ofDoubles(images.logits(), images.samples(), images.channels(), SIDE, SIDE))
                        .put("mask", mask)
                        .build());
        try (var plan = LoadedPlan.compile(new PlanSource(text))) {
            var global = folder.resolve("global.safetensors");
            Safetensors.write(global, plan.initialParameters(Args.NONE, 1));
            // of so few samples 0.99 holds out all
            var args = TrainingArgs.builder()
                    .testRatio(0.99)
                    .testOnGlobalUpdates(true)
                    .testBatchSize(3)
                    .build();
            var job = new WorkerJob(
                    WorkerJob.Task.EVALUATE,
                    folder.resolve("plan.java"),
                    Args.NONE,
                    args,
                    new Participant(new PartyId("hospital-a"), "images"),
                    1,
                    new StoredDataset("tensors", file),
                    global,
                    null,
                    null);
            assertThat(plan.requirements(Args.NONE).task()).isEqualTo("segmentation");
            return Objects.requireNonNull(plan.run(job, _ -> {}).globalTest());
        }
    }

    private EvaluationSums tested(String text, Images images) {
        return tested(text, images, Tensor.ofDoubles(images.mask(), images.samples(), SIDE, SIDE));
    }

    /** Counted over both nodes' elements. @return Dice, IoU */
    private static double[] counted(int label, Images... nodes) {
        double both = 0;
        double predicted = 0;
        double truth = 0;
        for (var images : nodes) {
            for (int i = 0; i < images.mask().length; i++) {
                boolean p = images.predicted(i) == label;
                boolean t = images.mask()[i] == label;
                both += p && t ? 1 : 0;
                predicted += p ? 1 : 0;
                truth += t ? 1 : 0;
            }
        }
        return new double[] {2 * both / (predicted + truth), both / (predicted + truth - both)};
    }

    @Test
    void oneLogitAnElementSaysWhetherItIsOfTheSecondClassAndNodesAreCountedTogether() {
        var text = plan(1, "background", "tumour");
        var a = Images.of(7, 1, 2, 1);
        var b = Images.of(4, 1, 2, 2);
        var sums = tested(text, a).plus(tested(text, b));
        assertThat(sums.count()).isEqualTo(11);
        var expected = counted(1, a, b);
        assertThat(Metrics.of(sums)).containsOnlyKeys("dice", "iou");
        assertThat(Metrics.of(sums).get("dice")).isCloseTo(expected[0], EXACT);
        assertThat(Metrics.of(sums).get("iou")).isCloseTo(expected[1], EXACT);
    }

    @Test
    void ofSeveralClassesTheGreatestLogitCountsAndEachClassMayBeTold() {
        var text = plan(3, "background", "edema", "tumour");
        var a = Images.of(5, 3, 3, 3);
        var b = Images.of(6, 3, 3, 4);
        var sums = tested(text, a).plus(tested(text, b));
        var each = MetricChoice.checked(
                        List.of("dice", "jaccard_score"),
                        new Args(Map.of("average", "none")),
                        "segmentation",
                        List.of("background", "edema", "tumour"),
                        true,
                        List.of())
                .of(sums);
        var tumour = counted(2, a, b);
        assertThat(each).hasSize(6);
        assertThat(each.get("dice[tumour]")).isCloseTo(tumour[0], EXACT);
        assertThat(each.get("iou[tumour]")).isCloseTo(tumour[1], EXACT);
        double mean = (counted(0, a, b)[0] + counted(1, a, b)[0] + tumour[0]) / 3;
        assertThat(Metrics.of(sums).get("dice")).isCloseTo(mean, EXACT);
    }

    /** As masks come out of tools: bytes, and truth values. */
    @Test
    void aMaskMayBeOfAnyType() {
        var text = plan(1, "background", "tumour");
        var images = Images.of(4, 1, 2, 5);
        var expected = tested(text, images);
        var bytes = new byte[images.mask().length];
        IntStream.range(0, bytes.length).forEach(i -> bytes[i] = (byte) images.mask()[i]);
        for (var type : List.of(DType.U8, DType.BOOL)) {
            var mask = Tensor.of(type, new long[] {4, SIDE, SIDE}, MemorySegment.ofArray(bytes));
            assertThat(Metrics.of(tested(text, images, mask))).isEqualTo(Metrics.of(expected));
        }
        var longs = IntStream.range(0, bytes.length).mapToLong(i -> bytes[i]).toArray();
        assertThat(Metrics.of(tested(text, images, Tensor.ofLongs(longs, 4, 1, SIDE, SIDE))))
                .isEqualTo(Metrics.of(expected));
    }

    private void assertRefused(ErrorCode code, String said, String text, Images images, Tensor mask) {
        assertThatThrownBy(() -> tested(text, images, mask))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(said);
    }

    @Test
    void whatIsNoMaskOrDoesNotFitIsTold() {
        var images = Images.of(4, 1, 3, 6);
        var mask = Tensor.ofDoubles(images.mask(), 4, SIDE, SIDE);
        var two = plan(1, "background", "tumour");
        long foreign = IntStream.range(0, images.mask().length)
                .filter(i -> images.mask()[i] == 2)
                .count();
        assertRefused(
                ErrorCode.DATA_UNFIT, foreign + " of 100 elements are no index of a class; the", two, images, mask);
        assertRefused(
                ErrorCode.PLAN_INVALID,
                "have not as many places; let the output have the mask's size",
                two,
                Images.of(4, 1, 2, 6),
                Tensor.ofDoubles(new double[4 * 5 * 4], 4, 5, 4));
        assertRefused(
                ErrorCode.PLAN_INVALID,
                "has 4 dimensions, not those of logits; a segmentation with 3 classes needs [samples, 3, ...]",
                plan(1, "a", "b", "c"),
                images,
                mask);
        assertRefused(ErrorCode.PLAN_INVALID, "declares 1 classes", plan(1, "a"), images, mask);
        var both = two.replace(".segmentation", ".regression().segmentation");
        assertRefused(ErrorCode.PLAN_INVALID, "leave one of the two out", both, images, mask);
    }
}
