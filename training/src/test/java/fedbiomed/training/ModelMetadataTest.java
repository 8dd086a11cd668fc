package fedbiomed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelMetadataTest {
    private static final ModelMetadata METADATA = new ModelMetadata(
            new PlanId("ab".repeat(32)),
            "HeartPlan",
            new Args(Map.of("eta0", 0.1, "penalty", "l2")),
            new PreprocessingStatistics(
                    new TreeMap<>(Map.of("age", new ColumnMoments(3, 1, 0.1 + 0.2, 1e300))), new TreeMap<>(), 2));

    @Test
    void whatIsWrittenIsReadToTheLastBit() {
        var written = METADATA.over(Map.of("round", "3"));
        assertThat(written).containsEntry("round", "3").containsKey("fedbiomed.preprocessing");
        assertThat(ModelMetadata.of(written)).isEqualTo(METADATA);
    }

    @Test
    void withoutStatisticsOldOnesDoNotStay() {
        var none = new ModelMetadata(METADATA.planId(), METADATA.planClass(), METADATA.modelArgs(), null);
        assertThat(ModelMetadata.of(none.over(METADATA.over(Map.of())))).isEqualTo(none);
    }

    @Test
    void whatIsMissingOrBrokenIsNamed() {
        for (var name : METADATA.over(Map.of()).keySet()) {
            var broken = new HashMap<>(METADATA.over(Map.of()));
            broken.put(name, name.equals(ModelMetadata.PLAN_CLASS) ? "" : "{");
            broken.remove(ModelMetadata.PLAN_CLASS.equals(name) ? name : "");
            assertThatThrownBy(() -> ModelMetadata.of(broken)).hasMessageContaining(name);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "fedbiomed.plan_class    | ../Plan",
                "fedbiomed.plan_class    | ~Heart\u001b[2J~",
                "fedbiomed.plan_id       | ~../../etc/passwd~",
                "fedbiomed.model_args    | [1, 2]",
                "fedbiomed.model_args    | null",
                "fedbiomed.preprocessing | {}",
                "fedbiomed.preprocessing | null",
                "fedbiomed.preprocessing | {\"columns\": {\"a\": null}, \"categories\": {}, \"participants\": 1}",
                "fedbiomed.preprocessing | {\"columns\": {\"a\": {\"count\": -1, \"missing\": 0, \"sum\": 1, \"sum_of_squares\": 1}},"
                        + " \"categories\": {}, \"participants\": 1}",
                "fedbiomed.preprocessing | {\"columns\": {\"a\": {\"count\": 1, \"missing\": 0, \"sum\": \"NaN\", \"sum_of_squares\": 1}},"
                        + " \"categories\": {}, \"participants\": 1}",
                "fedbiomed.preprocessing | {\"columns\": {}, \"categories\": {\"a\": {\"b\": 1}}, \"participants\": 1}"
            })
    void whatThisProgramNeverWritesIsRefused(String entry, String value) {
        var hostile = new HashMap<>(METADATA.over(Map.of()));
        hostile.put(entry, value);
        assertThatThrownBy(() -> ModelMetadata.of(hostile))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("'" + entry + "' cannot be read; use a model that this program saved");
    }

    @Test
    void entriesTooLongToBeOursAreNotEvenParsed() {
        var hostile = new HashMap<>(METADATA.over(Map.of()));
        hostile.put(ModelMetadata.MODEL_ARGS, "{\"w\": \"" + "x".repeat(Args.MAX_JSON_BYTES) + "\"}");
        assertThatThrownBy(() -> ModelMetadata.of(hostile)).hasMessageContaining("fedbiomed.model_args");
        hostile.put(ModelMetadata.MODEL_ARGS, "{}");
        hostile.put(ModelMetadata.PREPROCESSING, "[".repeat((16 << 20) + 1));
        assertThatThrownBy(() -> ModelMetadata.of(hostile)).hasMessageContaining("fedbiomed.preprocessing");
    }
}
