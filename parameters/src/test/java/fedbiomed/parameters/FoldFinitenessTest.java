package fedbiomed.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A fold finds what is not finite as it reads, and nothing comes of it. */
class FoldFinitenessTest {
    private static final int INPUTS = 5;
    private static final int SIZE = Chunk.MAX_ELEMENTS + 13;
    private static final double[] ALIKE = {1, 1, 1, 1, 1};

    @TempDir
    private Path folder;

    private enum Way {
        SUM {
            @Override
            void on(FoldPart part) {
                part.weightedSum(0, ALIKE, part.out(0));
            }
        },
        SUM_OF_WEIGHTS_THAT_ARE_ZERO {
            @Override
            void on(FoldPart part) {
                part.weightedSum(0, new double[INPUTS], part.out(0));
            }
        },
        TRIMMED {
            @Override
            void on(FoldPart part) {
                part.trimmedMean(INPUTS, 1, part.out(0));
            }
        },
        MEDIAN {
            @Override
            void on(FoldPart part) {
                part.trimmedMean(INPUTS, 2, part.out(0));
            }
        },
        ARRAYS {
            @Override
            void on(FoldPart part) {
                for (int i = 0; i < INPUTS; i++) {
                    part.in(i);
                }
            }
        },
        NOT_READ {
            @Override
            void on(FoldPart part) {
                part.out(0)[0] = part.in(0)[0];
            }
        },
        FAILING {
            @Override
            void on(FoldPart part) {
                for (int i = 0; i < INPUTS; i++) {
                    part.in(i);
                }
                if (Double.isNaN(part.in(3)[part.size() - 1] * 0)) {
                    throw new IllegalStateException("what came of the number");
                }
            }
        };

        abstract void on(FoldPart part);
    }

    private static Parameters model(DType dtype, long at, double value) {
        var data = MemorySegment.ofArray(new byte[SIZE * dtype.bytes()]);
        if (at >= 0) {
            new Elements().store(new double[] {value}, 1, dtype, data.asSlice(at * dtype.bytes()));
        }
        return Parameters.builder()
                .put("w", Tensor.of(dtype, new long[] {SIZE}, data))
                .build();
    }

    private static List<Parameters> models(DType dtype, int bad, long at, double value) {
        var models = new ArrayList<Parameters>();
        for (int i = 0; i < INPUTS; i++) {
            models.add(model(dtype, i == bad ? at : -1, value));
        }
        return models;
    }

    private static ModelFold fold(List<Parameters> models) {
        return new ModelFold(models.getFirst(), models, input -> input < INPUTS, () -> {
            throw new ArithmeticException("refused");
        });
    }

    private void write(ModelFold fold, Way way) {
        fold.write(
                List.of(new ModelFold.Target(folder.resolve("out"), List.of(ModelFold.Target.MODEL), Map.of())),
                way::on);
    }

    @ParameterizedTest
    @EnumSource(names = {"F64", "F32", "F16", "BF16"})
    void oneElementIsEnoughWhereverItLiesAndHoweverItIsRead(DType dtype) {
        for (var way : Way.values()) {
            for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                var fold = fold(models(dtype, 3, SIZE - 1, value));
                assertThatThrownBy(() -> write(fold, way))
                        .as("%s of %s", way, value)
                        .hasMessage("refused");
                assertThat(folder).isEmptyDirectory();
                var summed = fold(models(dtype, 3, Chunk.MAX_ELEMENTS - 1, value));
                assertThatThrownBy(() -> summed.sums(1, (sums, part) -> sums[0] += part.in(0)[0]))
                        .hasMessage("refused");
            }
        }
    }

    /** Infinities of both signs are no number together, either. */
    @Test
    void infinitiesDoNotCancel() {
        var models = models(DType.F32, 1, 8, Double.POSITIVE_INFINITY);
        models.set(4, model(DType.F32, 8, Double.NEGATIVE_INFINITY));
        for (var way : Way.values()) {
            assertThatThrownBy(() -> write(fold(models), way)).hasMessage("refused");
        }
    }

    /** The sum of two is infinite, and neither of them is. */
    @Test
    void finiteNumbersWhoseSumIsNotAreNotRefused() {
        var models = models(DType.F64, 1, SIZE - 1, Double.MAX_VALUE);
        models.set(2, model(DType.F64, SIZE - 1, Double.MAX_VALUE));
        write(fold(models), Way.SUM);
        try (var mapped = Safetensors.open(folder.resolve("out"))) {
            assertThat(mapped.parameters().get("w").doubleAt(SIZE - 1)).isEqualTo(Double.POSITIVE_INFINITY);
        }
    }

    @Test
    void whatNeedsNotBeFiniteIsNotLookedAt() {
        var models = models(DType.F32, 3, 5, Double.NaN);
        var fold = new ModelFold(models.getFirst(), models, input -> input != 3, () -> {
            throw new ArithmeticException("refused");
        });
        write(fold, Way.ARRAYS);
        assertThat(folder.resolve("out")).exists();
    }

    @Test
    void everyPlaceOfAnArrayIsLookedAt() {
        for (int n = 1; n <= 19; n++) {
            assertThat(Elements.allFinite(new double[n], n)).isTrue();
            for (int at = 0; at < n; at++) {
                for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                    var values = new double[n];
                    values[at] = bad;
                    assertThat(Elements.allFinite(values, n)).isFalse();
                    assertThat(Elements.allFinite(values, at)).isTrue();
                }
            }
        }
    }
}
