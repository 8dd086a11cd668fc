package fedbiomed.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.FedbiomedException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class TensorTest {
    private static MemorySegment bytes(int... values) {
        var bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return MemorySegment.ofArray(bytes);
    }

    @Test
    void elementsOfEveryDtypeAreNumbers() {
        assertThat(Tensor.ofDoubles(new double[] {1.25}).doubleAt(0)).isEqualTo(1.25);
        assertThat(Tensor.ofFloats(new float[] {-1.5f}).doubleAt(0)).isEqualTo(-1.5);
        assertThat(Tensor.ofLongs(new long[] {-7}).doubleAt(0)).isEqualTo(-7);
        assertThat(Tensor.of(DType.F16, new long[] {1}, bytes(0x00, 0x3C)).doubleAt(0))
                .isEqualTo(1);
        assertThat(Tensor.of(DType.BF16, new long[] {1}, bytes(0x80, 0x3F)).doubleAt(0))
                .isEqualTo(1);
        assertThat(Tensor.of(DType.I32, new long[] {1}, bytes(0xFE, 0xFF, 0xFF, 0xFF))
                        .doubleAt(0))
                .isEqualTo(-2);
        assertThat(Tensor.of(DType.I16, new long[] {1}, bytes(0x00, 0x01)).doubleAt(0))
                .isEqualTo(256);
        assertThat(Tensor.of(DType.I8, new long[] {1}, bytes(0xFF)).doubleAt(0)).isEqualTo(-1);
        assertThat(Tensor.of(DType.U8, new long[] {1}, bytes(0xFF)).doubleAt(0)).isEqualTo(255);
        assertThat(Tensor.of(DType.BOOL, new long[] {2}, bytes(0, 2)).toDoubles())
                .containsExactly(0, 1);
    }

    @Test
    void aTensorDoesNotChangeWithTheArrayItWasMadeOf() {
        var values = new float[] {1, 2};
        var shape = new long[] {2};
        var tensor = Tensor.ofFloats(values, shape);
        values[0] = 9;
        shape[0] = 9;
        tensor.shape()[0] = 9;
        assertThat(tensor.toFloats()).containsExactly(1, 2);
        assertThat(tensor.shape()).containsExactly(2);
        assertThat(tensor.data().isReadOnly()).isTrue();
    }

    @Test
    void aShapeThatDoesNotFitTheDataIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Tensor.ofFloats(new float[3], 2))
                .withMessage("a tensor F32[2] takes 8 bytes, not 12");
        assertThatIllegalArgumentException().isThrownBy(() -> Tensor.ofFloats(new float[1], -1));
        assertThatIllegalArgumentException().isThrownBy(() -> Tensor.ofFloats(new float[1], 1, 1, 1, 1, 1, 1, 1, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> Tensor.ofFloats(new float[1], 1L << 62, 2));
    }

    @Test
    void everyBfloat16IsRoundedToItselfAndHalvesGoToTheEven() {
        for (int bits = 0; bits <= 0xFFFF; bits++) {
            float value = BFloat16.toFloat((short) bits);
            if (!Float.isNaN(value)) {
                assertThat(BFloat16.fromFloat(value)).isEqualTo((short) bits);
            }
        }
        assertThat(BFloat16.fromFloat(Float.NaN)).isEqualTo((short) 0x7FC0);
        assertThat(BFloat16.fromFloat(Float.intBitsToFloat(0x3F808000))).isEqualTo((short) 0x3F80);
        assertThat(BFloat16.fromFloat(Float.intBitsToFloat(0x3F818000))).isEqualTo((short) 0x3F82);
        assertThat(BFloat16.fromFloat(Float.intBitsToFloat(0x3F808001))).isEqualTo((short) 0x3F81);
        assertThat(BFloat16.fromFloat(Float.MAX_VALUE)).isEqualTo((short) 0x7F80);
    }

    @Test
    void structuresThatDifferAreReportedByTensorWithBothShapes() {
        var mine = Parameters.builder()
                .put("w", Tensor.ofFloats(new float[4], 2, 2))
                .put("b", Tensor.ofFloats(new float[2], 2))
                .build();
        var transposed = Parameters.builder()
                .put("w", Tensor.ofFloats(new float[4], 4))
                .put("b", Tensor.ofFloats(new float[2], 2))
                .build();
        var doubles = Parameters.builder()
                .put("w", Tensor.ofDoubles(new double[4], 2, 2))
                .put("b", Tensor.ofFloats(new float[2], 2))
                .build();
        var fewer = Parameters.builder()
                .put("w", Tensor.ofFloats(new float[4], 2, 2))
                .build();
        var otherOrder = Parameters.builder()
                .put("b", Tensor.ofFloats(new float[] {3, 4}, 2))
                .put("w", Tensor.ofFloats(new float[4], 2, 2))
                .build();

        mine.requireSameStructure(otherOrder);
        assertThatThrownBy(() -> mine.requireSameStructure(transposed))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("tensor 'w': F32[2, 2] here, F32[4] in the other");
        assertThatThrownBy(() -> mine.requireSameStructure(doubles)).hasMessageContaining("F64[2, 2] in the other");
        assertThatThrownBy(() -> mine.requireSameStructure(fewer))
                .hasMessageContaining("tensor 'b': F32[2] here, missing in the other");
        assertThatThrownBy(() -> fewer.requireSameStructure(mine))
                .hasMessageContaining("tensor 'b': missing here, F32[2] in the other");
    }

    @Test
    void namesAreTakenOnceAndMustBeText() {
        var tensor = Tensor.ofFloats(new float[1], 1);
        var builder = Parameters.builder().put("w", tensor);
        assertThatIllegalArgumentException().isThrownBy(() -> builder.put("w", tensor));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.put("__metadata__", tensor));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.put("\ud800", tensor));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.put("x".repeat(1_001), tensor));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.metadata("a", "\ud800"));
        assertThatThrownBy(() -> builder.build().get("v"))
                .isInstanceOf(FedbiomedException.class)
                .hasMessage("these parameters have no tensor 'v'; they have w");
    }
}
