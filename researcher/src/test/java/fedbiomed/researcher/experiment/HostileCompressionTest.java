package fedbiomed.researcher.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.parameters.CompressedUpdate;
import fedbiomed.parameters.CompressionScheme;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.UpdateCompression;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Compressed updates of a node that is trusted, and should not be. The model has coef, F64[1, 2], and intercept, F64[1]. */
class HostileCompressionTest extends TwoHospitals {
    private static Tensor ints(int... values) {
        var data = Arena.ofAuto().allocate(values.length * 4L, 4);
        MemorySegment.copy(values, 0, data, ValueLayout.JAVA_INT, 0, values.length);
        return Tensor.of(DType.I32, new long[] {values.length}, data);
    }

    private static Parameters half(Parameters trained, int index, float value) {
        return Parameters.builder()
                .put("coef", Tensor.ofFloats(new float[] {value}, 1))
                .put("compression/indices/coef", ints(index))
                .put("intercept", trained.get("intercept"))
                .metadata("compression", "top_k 0.5")
                .build();
    }

    private void refused(UpdateCompression compression, String... why) {
        var experiment = builder("hostile-" + System.nanoTime())
                .compression(compression)
                .rounds(1)
                .build();
        assertThatThrownBy(experiment::run)
                .isInstanceOf(RoundFailed.class)
                .message()
                .contains("hospital-a/sick: refused")
                .contains(why);
    }

    /** Both nodes of this test train, and neither compresses: what each sends is given here. */
    @Test
    void whatIsNotAsItWasAskedForIsRefusedByNodeAndReason() {
        b.sends = trained -> half(trained, 0, 0.5f);
        a.sends = trained -> half(trained, 2, 0.5f);
        refused(UpdateCompression.topK(0.5), "the index 2 for tensor 'coef'");
        a.sends = trained -> half(trained, -1, 0.5f);
        refused(UpdateCompression.topK(0.5), "the index -1 for tensor 'coef'");
        a.sends = trained -> half(trained, 1, Float.NaN);
        refused(UpdateCompression.topK(0.5), "NaN or infinite values in tensor 'coef'");
        a.sends = UnaryOperator.identity();
        refused(UpdateCompression.topK(0.5), "not compressed by top_k 0.5", "names no compression");
        a.sends = trained -> Parameters.builder()
                .put("coef", Tensor.ofDoubles(new double[20_000], 1, 20_000))
                .build();
        refused(UpdateCompression.topK(0.5), "bytes, and", "it was not fetched");
    }

    @Test
    void whatIsAsAskedIsAddedToTheModel() {
        b.sends = trained -> half(trained, 0, 0.5f);
        a.sends = trained -> half(trained, 0, 0.25f);
        var experiment = builder("sound")
                .compression(UpdateCompression.topK(0.5))
                .retainFullHistory(true)
                .rounds(1)
                .build();
        experiment.run();
        for (var update : experiment.updates(1).entrySet()) {
            try (var before = Safetensors.open(experiment.globalModel(0).file());
                    var model = Safetensors.open(update.getValue())) {
                double moved = update.getKey().node().equals(a.party) ? 0.25 : 0.5;
                var coef = before.parameters().get("coef").toDoubles();
                assertThat(model.parameters().get("coef").toDoubles()).containsExactly(coef[0] + moved, coef[1]);
                long size = CompressedUpdate.sizeBytes(new CompressionScheme.TopK(0.5), before.parameters());
                var reply =
                        Objects.requireNonNull(experiment.replies(1).getFirst().reply());
                assertThat(reply.update().sizeBytes()).isEqualTo(size);
            }
        }
        assertThat(experiment.updates(1)).hasSize(2);
    }

    @Test
    void whatNodesWouldRefuseIsRefusedHere() {
        assertThatThrownBy(() ->
                        builder("none").compression(UpdateCompression.topK(2)).build())
                .hasMessageContaining("above 0 and at most 1");
        assertThat(folder.resolve("none")).doesNotExist();
    }
}
