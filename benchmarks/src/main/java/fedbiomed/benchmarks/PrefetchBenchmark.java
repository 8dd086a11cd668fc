package fedbiomed.benchmarks;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.TrainingArgs;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/**
 * How much of the decoding of images hides behind training: a network trains on a folder of JPEG images, and on the same
 * images decoded beforehand; beside both, the time of decoding alone in one thread. Arguments: IMAGES (600), EPOCHS (3).
 */
public final class PrefetchBenchmark {
    private static final int SIDE = 512;
    private static final int SCALED = 96;
    private static final String PLAN = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class ImagePlan extends TorchPlan {
                @Override public TrainingData data(DatasetView dataset) {
                    return dataset.tensors().input("image", 1, 96, 96).target("label").classes(CLASSES);
                }
                @Override public TorchModule model(Args args) {
                    return sequential(conv2d(1, 8, 3), relu(), maxPool2d(2), conv2d(8, 16, 3), relu(), maxPool2d(2), flatten(), linear(16 * 22 * 22, 2));
                }
                @Override public TorchOptimizer optimizer(TorchModule model, Args args) { return sgd(model, 0.01); }
                @Override public Batch preprocess(Batch batch) { return batch.with("image", batch.input("image").divide(255)); }
                @Override public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return crossEntropy(model.forward(batch.input("image")), batch.target("label"));
                }
            }
            """;

    private PrefetchBenchmark() {}

    static void main(String[] args) throws IOException {
        int images = args.length > 0 ? Integer.parseInt(args[0]) : 600;
        int epochs = args.length > 1 ? Integer.parseInt(args[1]) : 3;
        var folder = Files.createTempDirectory("images");
        try {
            var stored = StoredDataset.of(
                    "image-folder", images(folder.resolve("images"), images), Map.of("size", SCALED + "x" + SCALED));
            var decoded =
                    new StoredDataset(DatasetKinds.TENSORS, decoded(stored, folder.resolve("images.safetensors")));
            train(folder, decoded, "\"0\", \"1\"", 1); // classes and engines are loaded
            for (int i = 0; i < 3; i++) {
                long begin = System.nanoTime();
                for (int epoch = 0; epoch < epochs; epoch++) {
                    decode(stored);
                }
                double decoding = seconds(begin);
                begin = System.nanoTime();
                train(folder, decoded, "\"0\", \"1\"", epochs);
                double training = seconds(begin);
                begin = System.nanoTime();
                train(folder, stored, "\"a\", \"b\"", epochs);
                double both = seconds(begin);
                System.out.printf(
                        "decoding %.2f s, training %.2f s, both together %.2f s: %.2f of one after the other%n",
                        decoding, training, both, both / (decoding + training));
            }
        } finally {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private static Path images(Path folder, int images) throws IOException {
        var random = new SplittableRandom(1);
        for (int i = 0; i < images; i++) {
            var image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
            for (int y = 0; y < SIDE; y++) {
                for (int x = 0; x < SIDE; x++) {
                    image.getRaster().setSample(x, y, 0, (x * y / 97 + random.nextInt(40)) & 255);
                }
            }
            var file = folder.resolve(i % 2 == 0 ? "a" : "b").resolve(i + ".jpg");
            Files.createDirectories(folder.resolve(i % 2 == 0 ? "a" : "b"));
            ImageIO.write(image, "jpg", file.toFile());
        }
        return folder;
    }

    private static void decode(StoredDataset stored) {
        var source = DatasetKinds.open(stored);
        try (var arena = Arena.ofConfined()) {
            var memory = arena.allocate((long) SCALED * SCALED);
            for (int i = 0; i < source.samples(); i++) {
                source.read("image", i, memory);
            }
        }
    }

    private static Path decoded(StoredDataset stored, Path file) {
        var source = DatasetKinds.open(stored);
        var labels = source.texts("label");
        var image = Arena.ofAuto().allocate((long) SCALED * SCALED * labels.length);
        var label = Arena.ofAuto().allocate(8L * labels.length, 8);
        for (int i = 0; i < labels.length; i++) {
            source.read("image", i, image.asSlice((long) SCALED * SCALED * i, (long) SCALED * SCALED));
            label.setAtIndex(java.lang.foreign.ValueLayout.JAVA_LONG, i, "a".equals(labels[i]) ? 0 : 1);
        }
        var builder = Parameters.builder();
        builder.put("image", Tensor.of(DType.U8, new long[] {labels.length, 1, SCALED, SCALED}, image));
        builder.put("label", Tensor.of(DType.I64, new long[] {labels.length}, label));
        Safetensors.write(file, builder.build());
        return file;
    }

    private static void train(Path folder, StoredDataset data, String classes, int epochs) throws IOException {
        var text = PLAN.replace("CLASSES", classes);
        try (var plan = LoadedPlan.compile(new PlanSource(text))) {
            Safetensors.write(folder.resolve("global.safetensors"), plan.initialParameters(Args.NONE, 1));
            plan.run(
                    new WorkerJob(
                            WorkerJob.Task.TRAIN,
                            Files.writeString(folder.resolve("ImagePlan.java"), text),
                            Args.NONE,
                            TrainingArgs.builder().epochs(epochs).batchSize(16).build(),
                            new Participant(new PartyId("hospital"), "images"),
                            1,
                            data,
                            folder.resolve("global.safetensors"),
                            folder.resolve("local.safetensors"),
                            null),
                    _ -> {});
        }
    }
}
