package fedbiomed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

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
}
