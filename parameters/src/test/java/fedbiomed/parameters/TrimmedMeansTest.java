package fedbiomed.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Held against a plain sort of each column, to the bit. */
class TrimmedMeansTest {
    private static final List<Integer> SIZES = List.of(1, 31, 32, 33, 1_025, Chunk.MAX_ELEMENTS + 7);

    @TempDir
    private Path folder;

    /** Values with ties, zeros of both signs and the ends of the range among them. */
    private static double value(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> 0.0;
            case 1 -> -0.0;
            case 2 -> random.nextInt(-2, 3);
            case 3 -> random.nextBoolean() ? 60_000 : -60_000;
            default -> random.nextGaussian();
        };
    }

    private static Tensor tensor(DType dtype, double[] values) {
        var target = MemorySegment.ofArray(new byte[values.length * dtype.bytes()]);
        var elements = new Elements();
        var piece = new double[Elements.MAX];
        for (int from = 0; from < values.length; from += piece.length) {
            int n = Math.min(piece.length, values.length - from);
            System.arraycopy(values, from, piece, 0, n);
            elements.store(piece, n, dtype, target.asSlice((long) from * dtype.bytes()));
        }
        return Tensor.of(dtype, new long[] {values.length}, target);
    }

    private double[] trimmed(List<Tensor> tensors, int each) {
        var models = tensors.stream()
                .map(tensor -> Parameters.builder().put("w", tensor).build())
                .toList();
        var out = folder.resolve("out");
        new ModelFold(models.getFirst(), models)
                .write(
                        List.of(new ModelFold.Target(out, List.of(ModelFold.Target.MODEL), Map.of())),
                        part -> part.trimmedMean(models.size(), each, part.out(0)));
        try (var mapped = Safetensors.open(out)) {
            return mapped.parameters().get("w").toDoubles();
        }
    }

    private static double[] sorted(List<Tensor> tensors, int each) {
        var columns = tensors.stream().map(Tensor::toDoubles).toList();
        var means = new double[columns.getFirst().length];
        var column = new double[columns.size()];
        for (int i = 0; i < means.length; i++) {
            for (int u = 0; u < column.length; u++) {
                column[u] = columns.get(u)[i];
            }
            Arrays.sort(column);
            for (int u = each; u < column.length - each; u++) {
                means[i] += column[u];
            }
            means[i] /= column.length - 2 * each;
        }
        return means;
    }

    private void compare(DType dtype, int inputs, int each, int size, SplittableRandom random) {
        var tensors = new ArrayList<Tensor>();
        for (int u = 0; u < inputs; u++) {
            var values = new double[size];
            Arrays.setAll(values, _ -> value(random));
            tensors.add(tensor(dtype, values));
        }
        assertThat(trimmed(tensors, each))
                .as("%d inputs, %d left out, %d elements", inputs, each, size)
                .isEqualTo(tensor(dtype, sorted(tensors, each)).toDoubles());
    }

    @ParameterizedTest
    @EnumSource(names = {"F64", "F32", "F16", "BF16"})
    void anyNumberOfInputsGivesWhatASortGives(DType dtype) {
        var random = new SplittableRandom(7);
        for (int inputs = 1; inputs <= 40; inputs++) {
            for (int each : new int[] {0, (int) Math.ceil(0.2 * inputs), (inputs - 1) / 2}) {
                if (2 * each < inputs) {
                    compare(dtype, inputs, each, 67, random);
                }
            }
        }
        compare(dtype, 1_000, 200, 67, random);
        for (int size : SIZES) {
            compare(dtype, 20, 4, size, random);
        }
    }

    /** By the zero-one principle (Knuth 5.3.4), a network that sorts all zeros and ones sorts everything. */
    @Test
    void theNetworkSortsEveryPatternOfUpToFourteenPlaces() {
        for (int places = 1; places <= 14; places++) {
            for (int from = 0; from < places; from++) {
                var network = SortingNetwork.of(places, from, places - from > from ? places - from : places);
                for (int pattern = 0; pattern < 1 << places; pattern++) {
                    int sorted = ((1 << Integer.bitCount(pattern)) - 1) << (places - Integer.bitCount(pattern));
                    int got = pattern;
                    for (var pair : network) {
                        boolean swap = (got >> pair.low() & 1) > (got >> pair.high() & 1);
                        got = swap ? got ^ (1 << pair.low() | 1 << pair.high()) : got;
                    }
                    int to = places - from > from ? places - from : places;
                    int wanted = ((1 << to) - 1) & -(1 << from);
                    assertThat(got & wanted).isEqualTo(sorted & wanted);
                }
            }
        }
    }

    @Test
    void leavingOutAllOfThemIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrimmedMeans(4, 2))
                .withMessageContaining("of 4 inputs, 2 at either end");
    }
}
