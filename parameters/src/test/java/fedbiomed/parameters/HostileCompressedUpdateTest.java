package fedbiomed.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.UpdateCompression;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hostile node could send in the place of a compressed update. */
class HostileCompressedUpdateTest {
    @TempDir
    Path folder;

    private void restored(CompressionScheme scheme, Parameters global, Path file) {
        CompressedUpdate.restore(
                scheme, global, file, "the update of node-1/data", folder.resolve("restored.safetensors"));
    }

    private static Tensor indices(int... places) {
        var data = Arena.ofAuto().allocate(places.length * 4L, 4);
        MemorySegment.copy(places, 0, data, ValueLayout.JAVA_INT, 0, places.length);
        return Tensor.of(DType.I32, new long[] {places.length}, data);
    }

    private void assertRefused(UpdateCompression asked, Consumer<Parameters.Builder> content, String... parts) {
        var global = Parameters.builder()
                .put("w", Tensor.ofFloats(new float[10], 1, 10))
                .build();
        var hostile = Parameters.builder();
        content.accept(hostile);
        var file = folder.resolve("hostile.safetensors");
        Safetensors.write(file, hostile.build());
        assertThatThrownBy(() -> restored(CompressionScheme.of(asked), global, file))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageContaining("the update of node-1/data")
                .hasMessageContainingAll(parts);
        assertThat(folder.resolve("restored.safetensors")).doesNotExist();
    }

    private static Tensor values(int n) {
        return Tensor.ofFloats(new float[n], n);
    }

    @Test
    void hostileIndicesAreRefused() {
        var asked = UpdateCompression.topK(0.2);
        for (var places :
                new int[][] {{3, 3}, {4, 3}, {-1, 3}, {3, 10}, {0, Integer.MAX_VALUE}, {Integer.MIN_VALUE, 0}}) {
            assertRefused(
                    asked,
                    file -> file.put("w", values(2))
                            .put("compression/indices/w", indices(places))
                            .metadata("compression", "top_k 0.2"),
                    "index",
                    "tensor 'w'");
        }
        assertRefused(
                asked,
                file -> file.put("w", values(3))
                        .put("compression/indices/w", indices(1, 2, 3))
                        .metadata("compression", "top_k 0.2"),
                "'w'",
                "F32[2]");
        assertRefused(
                asked, file -> file.put("w", values(2)).metadata("compression", "top_k 0.2"), "indices/w", "missing");
    }

    @Test
    void hostileScalesAndStructuresAreRefused() {
        var numbers = Tensor.of(DType.I8, new long[] {1, 10}, Arena.ofAuto().allocate(10));
        for (float scale : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1}) {
            assertRefused(
                    UpdateCompression.int8(),
                    file -> file.put("w", numbers)
                            .put("compression/scale/w", Tensor.ofFloats(new float[] {scale}))
                            .metadata("compression", "int8"),
                    "scale",
                    "tensor 'w'");
        }
        assertRefused(
                UpdateCompression.int8(),
                file -> file.put("w", numbers)
                        .put("compression/scale/w", Tensor.ofFloats(new float[] {1}))
                        .put("more", values(1))
                        .metadata("compression", "int8"),
                "3 tensors");
        // an ordinary update, of a node that did not compress
        assertRefused(UpdateCompression.int8(), file -> file.put("w", values(10)), "names no compression", "upgrade");
        assertRefused(
                UpdateCompression.bfloat16(),
                file -> file.put("w", numbers).metadata("compression", "float16"),
                "'float16'",
                "bfloat16");
    }
}
