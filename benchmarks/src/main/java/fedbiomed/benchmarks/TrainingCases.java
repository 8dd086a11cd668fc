package fedbiomed.benchmarks;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.Args;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What is trained, here and in {@code benchmarks/peers/training.py}: the names of the cases are the same. */
final class TrainingCases {
    private static final int MLP_ROWS = 6400;
    private static final int MLP_WIDTH = 32;
    private static final int IMAGES = 960;
    private static final int IMAGE_SIDE = 28;
    private static final int DIGITS = 10;
    private static final int VOLUMES = 8;
    private static final int VOLUME_SIDE = 32;
    private static final int TABLE_ROWS = 50_000;
    private static final int TABLE_WIDTH = 30;

    private static final String MLP = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class MlpPlan extends TorchPlan {
                @Override public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs(INPUTS).target("class").classes("0", "1");
                }
                @Override public TorchModule model(Args args) {
                    return sequential(linear(32, 256), relu(), linear(256, 256), relu(), linear(256, 2));
                }
                @Override public TorchOptimizer optimizer(TorchModule model, Args args) { return sgd(model, 0.01, 0.9, 0); }
                @Override public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return crossEntropy(model.forward(batch.input()), batch.target());
                }
            }
            """;

    private static final String CNN = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class CnnPlan extends TorchPlan {
                @Override public TrainingData data(DatasetView dataset) {
                    return dataset.tensors().input("image", 1, 28, 28).target("label")
                            .classes("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
                }
                @Override public TorchModule model(Args args) {
                    return sequential(
                            conv2d(1, 32, 3), relu(), maxPool2d(2), conv2d(32, 64, 3), relu(), maxPool2d(2),
                            flatten(), linear(64 * 5 * 5, 10));
                }
                @Override public TorchOptimizer optimizer(TorchModule model, Args args) { return adam(model, 0.001); }
                @Override public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return crossEntropy(model.forward(batch.input()), batch.target());
                }
            }
            """;

    private static final String LINEAR = """
            import fedbiomed.training.linear.*;

            public class LinearPlan extends SgdClassifier {
                @Override public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs(INPUTS).target("class").classes("0", "1");
                }
            }
            """;

    private TrainingCases() {}

    /**
     * @param name the peer's script knows it by
     * @param what for a person
     * @param epochs of one measured training
     * @param goal least ratio of samples a second, ours to theirs
     */
    record Case(
            String name,
            String what,
            String plan,
            Args modelArgs,
            StoredDataset data,
            int rows,
            int batchSize,
            int epochs,
            double goal) {
        long samples() {
            return (long) rows * epochs;
        }
    }

    /** @param checkout for the example's 3-D U-Net; @param folder where the data go */
    static List<Case> all(Path checkout, Path folder) throws IOException {
        var unet = Files.readString(checkout.resolve("examples/unet3d/UNet3dPlan.java"))
                .replace("1, 16, 16, 16", "1, 32, 32, 32");
        var mlpData = table(folder.resolve("mlp.csv"), MLP_ROWS, MLP_WIDTH);
        var tableData = table(folder.resolve("table.csv"), TABLE_ROWS, TABLE_WIDTH);
        var images = arrays(
                folder.resolve("images.safetensors"),
                "image",
                random(IMAGES, 1, IMAGE_SIDE, IMAGE_SIDE),
                "label",
                labels());
        var volumes = arrays(
                folder.resolve("volumes.safetensors"),
                "image",
                random(VOLUMES, 1, VOLUME_SIDE, VOLUME_SIDE, VOLUME_SIDE),
                "mask",
                mask());
        double torch = 0.95;
        return List.of(
                new Case(
                        "mlp",
                        "MLP 32-256-256-2, SGD, batches of 64",
                        MLP.replace("INPUTS", columns(MLP_WIDTH)),
                        Args.NONE,
                        mlpData,
                        MLP_ROWS,
                        64,
                        20,
                        torch),
                new Case(
                        "cnn",
                        "CNN on 28x28 images, Adam, batches of 32",
                        CNN,
                        Args.NONE,
                        images,
                        IMAGES,
                        32,
                        2,
                        torch),
                new Case(
                        "unet",
                        "3-D U-Net on 32x32x32 voxels, AdamW, batches of 2",
                        unet,
                        new Args(Map.of("width", 8)),
                        volumes,
                        VOLUMES,
                        2,
                        2,
                        torch),
                linear("linear-32", "SGD classifier, 30 columns, a call a batch of 32", tableData, 32, 5),
                linear("linear-1", "SGD classifier, 30 columns, a step a row, theirs in one call", tableData, 1, 20));
    }

    private static Case linear(String name, String what, StoredDataset data, int batchSize, int epochs) {
        return new Case(
                name,
                what,
                LINEAR.replace("INPUTS", columns(TABLE_WIDTH)),
                new Args(Map.of("loss", "log_loss")),
                data,
                TABLE_ROWS,
                batchSize,
                epochs,
                1);
    }

    private static String columns(int width) {
        return IntStream.range(0, width).mapToObj(i -> "\"c" + i + "\"").collect(Collectors.joining(", "));
    }

    /** Columns {@code c0} and on, normally distributed, and the column {@code class}, 0 or 1. */
    private static StoredDataset table(Path file, int rows, int width) throws IOException {
        var random = new SplittableRandom(1);
        try (var out = Files.newBufferedWriter(file)) {
            out.write(IntStream.range(0, width).mapToObj(i -> "c" + i + ",").collect(Collectors.joining()) + "class\n");
            for (int row = 0; row < rows; row++) {
                double sum = 0;
                var line = new StringBuilder();
                for (int i = 0; i < width; i++) {
                    double value = random.nextGaussian();
                    sum += i % 2 == 0 ? value : -value;
                    line.append((float) value).append(',');
                }
                out.write(line.append(sum + random.nextGaussian() > 0 ? 1 : 0)
                        .append('\n')
                        .toString());
            }
        }
        return new StoredDataset(DatasetKinds.CSV, file);
    }

    private static StoredDataset arrays(Path file, String input, Tensor inputs, String target, Tensor targets) {
        Safetensors.write(
                file,
                Parameters.builder().put(input, inputs).put(target, targets).build());
        return new StoredDataset(DatasetKinds.TENSORS, file);
    }

    private static Tensor random(long... shape) {
        var random = new SplittableRandom(2);
        long elements = elements(shape);
        var memory = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, elements);
        for (long i = 0; i < elements; i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble());
        }
        return Tensor.of(DType.F32, shape, memory);
    }

    private static Tensor labels() {
        var memory = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, IMAGES);
        for (int i = 0; i < IMAGES; i++) {
            memory.setAtIndex(ValueLayout.JAVA_LONG, i, i % DIGITS);
        }
        return Tensor.of(DType.I64, new long[] {IMAGES}, memory);
    }

    /** A cube in the middle of each volume. */
    private static Tensor mask() {
        long[] shape = {VOLUMES, 1, VOLUME_SIDE, VOLUME_SIDE, VOLUME_SIDE};
        MemorySegment memory = Arena.ofAuto().allocate(elements(shape));
        for (long i = 0; i < memory.byteSize(); i++) {
            boolean inside = inside(i) && inside(i / VOLUME_SIDE) && inside(i / (VOLUME_SIDE * VOLUME_SIDE));
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) (inside ? 1 : 0));
        }
        return Tensor.of(DType.U8, shape, memory);
    }

    private static boolean inside(long index) {
        long place = index % VOLUME_SIDE;
        return place >= VOLUME_SIDE / 4 && place < VOLUME_SIDE * 3 / 4;
    }

    private static long elements(long... shape) {
        long elements = 1;
        for (long size : shape) {
            elements *= size;
        }
        return elements;
    }
}
