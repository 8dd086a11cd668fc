package fedbiomed.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who starts the JVM without the vectors' module gets the same bits. */
class VectorSumsTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void onlyWithTheModule() {
        assumeTrue(Elements.VECTORS, "this JVM was started without --add-modules jdk.incubator.vector");
    }

    private static Tensor tensor(SplittableRandom random, int n) {
        var values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian() * (1 << random.nextInt(20));
        }
        return Tensor.ofFloats(values, n);
    }

    private static void compare(List<@Nullable Tensor> tensors, int from, int n, SplittableRandom random) {
        var weights = random.doubles(tensors.size(), -1, 3).toArray();
        var expected = random.doubles(n + 3).toArray();
        var sums = expected.clone();
        var elements = new Elements(true);
        for (int t = 0; t < weights.length; t++) {
            var tensor = tensors.get(t);
            if (tensor != null) {
                elements.addTo(expected, tensor, from, n, weights[t]);
            }
        }
        elements.addTo(sums, tensors, from, n, weights);
        assertThat(sums).isEqualTo(expected);
    }

    @Test
    void theyAreThoseOfTheLoopToTheBit() {
        var random = new SplittableRandom(5);
        for (int inputs = 0; inputs <= 13; inputs++) {
            for (int n : new int[] {0, 1, 7, 8, 9, 31, 1_000, 4_099}) {
                var tensors = new ArrayList<@Nullable Tensor>();
                for (int t = 0; t < inputs; t++) {
                    tensors.add(tensor(random, n + 5));
                }
                compare(tensors, 5, n, random);
            }
        }
    }

    @Test
    void oneThatIsMissingOrOfAnotherDtypeIsNoHindrance() {
        var random = new SplittableRandom(6);
        var tensors = new ArrayList<@Nullable Tensor>(Collections.nCopies(9, (Tensor) null));
        for (int t : new int[] {0, 1, 3, 4, 5, 6, 7}) {
            tensors.set(t, t == 6 ? Tensor.ofDoubles(random.doubles(100).toArray(), 100) : tensor(random, 100));
        }
        compare(tensors, 0, 100, random);
    }

    /** A file's tensors begin where the header and other dtypes let them: not at four bytes, and mapped. */
    @Test
    void elementsThatAreNotAlignedAreReadAlike() throws IOException {
        var random = new SplittableRandom(7);
        var tensors = new ArrayList<@Nullable Tensor>();
        var open = new ArrayList<MappedParameters>();
        try {
            for (int t = 0; t < 5; t++) {
                var file = folder.resolve("model" + t);
                var model = Parameters.builder()
                        .put("flag", Tensor.ofLongs(new long[] {1}, 1))
                        .put("w", tensor(random, 77))
                        .build();
                Safetensors.write(file, model);
                var mapped = Safetensors.open(file);
                open.add(mapped);
                var bytes = Files.readAllBytes(file);
                var odd = java.lang.foreign.MemorySegment.ofArray(bytes)
                        .asSlice(bytes.length - 76 * Float.BYTES - 1, 76 * Float.BYTES);
                tensors.add(t % 2 == 0 ? mapped.parameters().get("w") : finite(odd));
            }
            compare(tensors, 1, 75, random);
        } finally {
            open.forEach(MappedParameters::close);
        }
    }

    /** The same bytes a place on; those that are no numbers become some. */
    private static Tensor finite(java.lang.foreign.MemorySegment odd) {
        var tensor = Tensor.of(DType.F32, new long[] {76}, odd);
        for (int i = 0; i < 76; i++) {
            if (!Double.isFinite(tensor.doubleAt(i))) {
                odd.set(Layouts.F32, (long) i * Float.BYTES, i);
            }
        }
        return tensor;
    }
}
