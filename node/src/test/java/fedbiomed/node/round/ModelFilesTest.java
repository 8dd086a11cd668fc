package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.CompressedUpdate;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.training.NodeState;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.UpdateCompression;
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

    private static Parameters w(double... values) {
        return Parameters.builder()
                .put("w", Tensor.ofDoubles(values, 2, 2))
                .build()
                .withMetadata(METADATA);
    }

    /** 127 and -127 times a scale of 1, and halves: what is lost is added to the next difference. */
    @Test
    void whatCompressionLosesIsTakenUpAndStaysBesideThePlansOwn() throws Exception {
        write(trained, w(127, -127, 0.25, 3));
        assertThat(ModelFiles.leaving(null, incoming, trained)).isEqualTo(trained);
        assertThat(NodeState.after(trained)).doesNotExist();

        var own = Parameters.builder()
                .put("local", Tensor.ofDoubles(new double[] {5}, 1))
                .build();
        write(NodeState.after(trained), own);
        var first = ModelFiles.leaving(UpdateCompression.int8(), incoming, trained);
        try (var sent = Safetensors.open(first);
                var kept = Safetensors.open(NodeState.after(trained))) {
            assertThat(sent.parameters().get("w").toDoubles()).containsExactly(127, -127, 0, 3);
            assertThat(kept.parameters().get("local")).isEqualTo(own.get("local"));
            assertThat(CompressedUpdate.errorIn(kept.parameters()).get("w").toDoubles())
                    .containsExactly(0, 0, 0.25, 0);
        }
        Files.move(NodeState.after(trained), NodeState.before(incoming));
        write(trained, w(127, 0, 0.5, 0));
        try (var sent = Safetensors.open(ModelFiles.leaving(UpdateCompression.int8(), incoming, trained))) {
            assertThat(sent.parameters().get("w").toDoubles()).containsExactly(127, 0, 1, 0);
        }
    }

    @Test
    void aPlanCannotWriteWhatCompressionKeeps() {
        write(trained, w(1, 2, 3, 4));
        write(
                NodeState.after(trained),
                Auxiliary.with(Parameters.builder().build(), CompressedUpdate.ERROR, w(9, 9, 9, 9)));
        assertThatThrownBy(() -> ModelFiles.leaving(UpdateCompression.topK(0.5), incoming, trained))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_FAILED))
                .hasMessageContaining("a name that is the compression's");
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
