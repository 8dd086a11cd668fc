package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Tensor;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Incoming models that are none, or another plan's. */
public class HostileModelTest extends PermittedJob {
    private static Reply.Error refused(@Nullable ParametersRef parameters) {
        var job =
                TestResearcher.with(permitted, round++, permitted.participant(), permitted.trainingArgs(), parameters);
        var error = researcher.ask(node.party(), new Request.Train(job), Reply.Error.class);
        assertThat(error.text()).doesNotContain(folder.toString()).hasSizeLessThan(600);
        return error;
    }

    private static ParametersRef model(Parameters.Builder parameters) throws IOException {
        return researcher.publish(folder.resolve("hostile.safetensors"), node.party(), parameters.build());
    }

    private static ParametersRef bytes(byte[] bytes) throws IOException {
        return researcher.publish(Files.write(folder.resolve("hostile.bin"), bytes), node.party());
    }

    private static byte[] header(String json, int length) {
        var text = json.getBytes(StandardCharsets.UTF_8);
        var file = java.nio.ByteBuffer.allocate(8 + text.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        return file.putLong(length < 0 ? text.length : length).put(text).array();
    }

    @Test
    void aModelOfAnotherShapeTypeOrNameIsToldByItsTensor() throws IOException {
        var coef = Tensor.ofDoubles(new double[2], 1, 2);
        var intercept = Tensor.ofDoubles(new double[1], 1);
        assertThat(refused(model(Parameters.builder()
                                .put("coef", Tensor.ofDoubles(new double[3], 1, 3))
                                .put("intercept", intercept)))
                        .text())
                .contains("tensor 'coef'", "[1, 2]", "[1, 3]", "same plan and model_args");
        assertThat(refused(model(Parameters.builder()
                                .put("coef", Tensor.ofFloats(new float[2], 1, 2))
                                .put("intercept", intercept)))
                        .text())
                .contains("tensor 'coef'", "F64", "F32");
        assertThat(refused(model(Parameters.builder().put("coef", coef).put("../intercept\u001b[2J", intercept)))
                        .text())
                .contains("tensor 'intercept'", "missing");
        assertThat(refused(model(Parameters.builder()
                                .put("coef", coef)
                                .put("intercept", intercept)
                                .put("more\u001b[2J", intercept)))
                        .text())
                .contains("tensor 'more?[2J'", "missing");
        assertThat(refused(model(Parameters.builder()
                                .put("coef", Tensor.ofDoubles(new double[] {1, Double.NaN}, 1, 2))
                                .put("intercept", intercept)))
                        .text())
                .contains("incoming global model", "coef");
        works();
    }

    @Test
    void aFileThatIsNoModelIsRefusedWithoutAHugeAllocation() throws IOException {
        for (var hostile : new byte[][] {
            new byte[0],
            "PK not a model".getBytes(StandardCharsets.UTF_8),
            header("{}", Integer.MAX_VALUE),
            header(
                    "{\"coef\":{\"dtype\":\"F64\",\"shape\":[1099511627776,1099511627776],\"data_offsets\":[0,16]}}",
                    -1),
            header("{\"coef\":{\"dtype\":\"F64\",\"shape\":[1,2],\"data_offsets\":[0,9007199254740991]}}", -1),
            header("{\"coef\":", -1)
        }) {
            var error = refused(bytes(hostile));
            assertThat(error.code()).as(error.text()).isNotEqualTo(ErrorCode.INTERNAL);
        }
        works();
    }

    @Test
    void aModelThatIsNotThereOrTooLargeOrAnothersIsSaid() throws Exception {
        assertThat(refused(null).text()).contains("names no parameters");
        assertThat(refused(new ParametersRef(Sha256.of("nothing"), 100)))
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.PARAMETERS_UNAVAILABLE));
        assertThat(refused(new ParametersRef(Sha256.of("nothing"), 65L << 20)).text())
                .contains("largest_model", "at most 67108864");
        // the key to an entry that is not there
        var unsent = new ParametersRef(Sha256.of("nothing"), 101);
        researcher.published.add(new SealedRef(
                unsent, Sha256.of("nowhere"), researcher.published.getLast().key()));
        assertThat(refused(unsent).text()).contains("404");
        // sent to another party only
        var file = Files.writeString(folder.resolve("private.bin"), "for ana alone");
        var own = researcher.publish(file, researcher.party());
        assertThat(refused(own).code()).isEqualTo(ErrorCode.PARAMETERS_UNAVAILABLE);
        // the hash of one, the length of another; the entry of one, the hash of another
        var model = researcher.publishModel(folder, node.party());
        var way = researcher.published.getLast();
        for (var lied : new ParametersRef[] {
            new ParametersRef(model.sha256(), model.sizeBytes() - 1),
            new ParametersRef(Sha256.of("another"), model.sizeBytes())
        }) {
            researcher.published.add(new SealedRef(lied, way.entry(), way.key()));
            assertThat(refused(lied).code()).isEqualTo(ErrorCode.PARAMETERS_UNAVAILABLE);
        }
        works();
    }

    private static void works() {
        researcher.ask(node.party(), new Request.Train(TestResearcher.round(permitted, round++)), Reply.Train.class);
    }
}
