package fedbiomed.data.tensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorFileTest {
    @TempDir
    Path folder;

    private Path file(Parameters.Builder arrays) {
        var file = folder.resolve("a.safetensors");
        Safetensors.write(file, arrays.build());
        return file;
    }

    private static Parameters.Builder images() {
        return Parameters.builder()
                .put("image", Tensor.ofFloats(new float[12], 3, 1, 2, 2))
                .put("label", Tensor.ofLongs(new long[] {0, 1, 1}, 3));
    }

    private static DatasetContent describe(Path file) {
        return DatasetKinds.describe(new StoredDataset("tensors", file));
    }

    @Test
    void namesTypesAndShapesOfASampleAreTold() throws IOException {
        var described = describe(file(images()));
        assertThat(described.shape()).containsExactly(3L, 2L);
        assertThat(described.columns())
                .containsExactlyInAnyOrder(
                        new ColumnDescription("image", ColumnType.REAL, 0, "F32", List.of(1L, 2L, 2L)),
                        new ColumnDescription("label", ColumnType.INTEGER, 0, "I64", List.of()));
        for (var column : described.columns()) {
            assertThat(Json.MAPPER.readValue(Json.text(column), ColumnDescription.class))
                    .isEqualTo(column);
        }
        assertThat(Json.MAPPER.readValue("{\"name\":\"age\",\"type\":\"REAL\",\"missing\":2}", ColumnDescription.class))
                .isEqualTo(new ColumnDescription("age", ColumnType.REAL, 2));
    }

    @Test
    void whatCannotBeADatasetIsRefused() throws IOException {
        assertUnfit(file(images().put("mask", Tensor.ofLongs(new long[2], 2))), "'mask' has 2; every array needs");
        assertUnfit(file(images().put("one", Tensor.ofLongs(new long[1]))), "'one' is a single number");
        assertUnfit(file(Parameters.builder()), "holds 0 arrays");
        assertUnfit(file(Parameters.builder().put("x", Tensor.ofLongs(new long[0], 0))), "holds 0 samples");
        assertUnfit(file(images().put("bad", Tensor.ofFloats(new float[] {0, Float.NaN, 0}, 3))), "bad");
        assertUnfit(Files.writeString(folder.resolve("a.csv"), "a,b\n1,2\n3,4\n"), "write the arrays with safetensors");
        assertThatThrownBy(() -> TensorFile.open(folder.resolve("none")))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATASET_CHANGED));
    }

    private void assertUnfit(Path file, String expected) {
        assertThatThrownBy(() -> describe(file))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageContaining(expected);
    }
}
