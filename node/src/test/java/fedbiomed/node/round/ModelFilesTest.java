package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models as a process would leave them that a plan had taken over: none of what it wrote into them is told. */
class ModelFilesTest {
    private static final Map<String, String> METADATA = new TreeMap<>(Map.of("task", "classification"));

    @TempDir
    Path folder;

    private Path incoming;
    private Path trained;

    @BeforeEach
    void anIncomingModel() {
        incoming = folder.resolve("global.safetensors");
        trained = folder.resolve("trained.safetensors");
        write(incoming, model("w", Tensor.ofDoubles(new double[4], 2, 2)));
    }

    private static Parameters model(String name, Tensor tensor) {
        return Parameters.builder().put(name, tensor).build().withMetadata(METADATA);
    }

    private static void write(Path file, Parameters parameters) {
        Safetensors.write(file, parameters);
    }

    private void refused(Parameters parameters) {
        write(trained, parameters);
        refused();
    }

    private void refused() {
        assertThatThrownBy(() -> ModelFiles.requireTrained(incoming, trained, List.of()))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_FAILED))
                .message()
                .startsWith("the plan's result was refused: ")
                .hasLineCount(1)
                .doesNotContain("P007", "61");
    }

    @Test
    void theSameTensorsWithOtherNumbersPass() {
        write(trained, model("w", Tensor.ofDoubles(new double[] {1, 2, 3, 4}, 2, 2)));
        assertThatCode(() -> ModelFiles.requireTrained(incoming, trained, List.of()))
                .doesNotThrowAnyException();
    }

    @Test
    void otherNamesShapesSizesAndMetadataAreRefusedUntold() throws Exception {
        refused(model("P007 is sick", Tensor.ofDoubles(new double[4], 2, 2)));
        refused(model("w", Tensor.ofDoubles(new double[61], 61)));
        refused(model("w", Tensor.ofDoubles(new double[400_000], 200_000, 2)));
        refused(model("w", Tensor.ofDoubles(new double[] {1, 2, Double.NaN, 4}, 2, 2)));
        refused(model("w", Tensor.ofDoubles(new double[4], 2, 2)).withMetadata(new TreeMap<>(Map.of("P007", "sick"))));
        var header = "{\"P007 is sick\":61}";
        Files.write(
                trained,
                (new String(new char[] {(char) header.length(), 0, 0, 0, 0, 0, 0, 0}) + header)
                        .getBytes(StandardCharsets.ISO_8859_1));
        refused();
    }

    @Test
    void theVectorsOfACorrectionLeaveAndNoOther() {
        var w = Tensor.ofDoubles(new double[] {1, 2, 3, 4}, 2, 2);
        var came = Parameters.builder().put("w", w).put("batches", Tensor.ofLongs(new long[] {5}));
        var model = came.build().withMetadata(METADATA);
        var vector = Parameters.builder().put("w", w).build();
        write(incoming, Auxiliary.with(model, "control", vector));
        write(trained, Auxiliary.with(model, "control_change", vector));
        assertThatCode(() -> ModelFiles.requireTrained(incoming, trained, List.of("control_change")))
                .doesNotThrowAnyException();
        refused();
        write(trained, model);
        assertThatCode(() -> ModelFiles.requireTrained(incoming, trained, List.of()))
                .as("what came with the model need not go back")
                .doesNotThrowAnyException();
        refused(Auxiliary.with(model, "control", vector));
        write(trained, model);
        assertThatThrownBy(() -> ModelFiles.requireTrained(incoming, trained, List.of("control_change")))
                .hasMessageContaining("has not the tensors");
    }
}
