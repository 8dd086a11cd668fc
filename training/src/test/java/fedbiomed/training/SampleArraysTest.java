package fedbiomed.training;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a batch gets of a sample, whoever reads it when. */
class SampleArraysTest {
    private static final int SAMPLES = 40;
    private static final int PIXELS = 36;

    @TempDir
    Path folder;

    private SampleArrays arrays() {
        var file = folder.resolve("images.safetensors");
        var values = new SplittableRandom(1).doubles((long) SAMPLES * PIXELS).toArray();
        Safetensors.write(
                file,
                Parameters.builder()
                        .put("image", Tensor.ofDoubles(values, SAMPLES, 1, 6, 6))
                        .build());
        var declaration = new TrainingPlan.DatasetView()
                .tensors()
                .input("image", 1, 6, 6)
                .scale("image", 2)
                .augment(
                        "image",
                        TrainingPlan.flipHorizontal(0.5),
                        TrainingPlan.rotate90(),
                        TrainingPlan.gaussianNoise(0.1),
                        TrainingPlan.brightness(0.2))
                .declaration();
        var source = DatasetKinds.open(new StoredDataset(DatasetKinds.TENSORS, file));
        return new ArrayPreparation(declaration, source)
                .samples(IntStream.range(0, SAMPLES).toArray(), false)
                .arrays();
    }

    private static float[] gathered(SampleArrays arrays) {
        var memory = MemorySegment.ofArray(new float[(int) (arrays.sizeBytes("image") / Float.BYTES)]);
        arrays.gather("image", memory);
        return memory.toArray(ValueLayout.JAVA_FLOAT);
    }

    @Test
    void aSampleIsTheSameInWhicheverBatchAndThreadOfAnEpoch() throws Exception {
        var arrays = arrays();
        assertThat(arrays.dtype("image")).isEqualTo(DType.F32);
        var epoch = arrays.augmented(7, 1);
        var whole = gathered(epoch);
        try (var threads = Executors.newFixedThreadPool(4)) {
            var runs = IntStream.range(0, 16)
                    .mapToObj(run -> threads.submit(() -> gathered(epoch.select(shuffled(run), 10, 30))))
                    .toList();
            for (int run = 0; run < runs.size(); run++) {
                var batch = runs.get(run).get();
                var order = shuffled(run);
                for (int i = 0; i < 20; i++) {
                    assertThat(Arrays.copyOfRange(batch, i * PIXELS, (i + 1) * PIXELS))
                            .containsExactly(
                                    Arrays.copyOfRange(whole, order[10 + i] * PIXELS, (order[10 + i] + 1) * PIXELS));
                }
            }
        }
    }

    private static int[] shuffled(int seed) {
        var random = new SplittableRandom(seed);
        var order = IntStream.range(0, SAMPLES).toArray();
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int held = order[i];
            order[i] = order[other];
            order[other] = held;
        }
        return order;
    }

    @Test
    void anotherEpochOrSeedDrawsAnewAndWithoutOneNothingIsDrawn() {
        var arrays = arrays();
        var first = gathered(arrays.augmented(7, 1));
        assertThat(gathered(arrays.augmented(7, 1))).containsExactly(first);
        assertThat(gathered(arrays.augmented(7, 2))).isNotEqualTo(first);
        assertThat(gathered(arrays.augmented(8, 1))).isNotEqualTo(first);
        var plain = gathered(arrays);
        assertThat(plain).isNotEqualTo(first);
        for (float value : plain) {
            assertThat(value).isBetween(0f, 2f);
        }
    }
}
