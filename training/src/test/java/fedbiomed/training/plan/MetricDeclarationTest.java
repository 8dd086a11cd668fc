package fedbiomed.training.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import org.junit.jupiter.api.Test;

class MetricDeclarationTest {
    private static MetricDeclaration of(String body) {
        return MetricDeclaration.of(new PlanSource("public class Plan extends TorchPlan { " + body + " }"));
    }

    @Test
    void namesAreTheStringsOfTestingMetricsAlone() {
        var read = of("""
                String other = "row_17"; // testingMetrics() { return List.of("in_a_comment"); }
                List<String> testingMetrics() { return true ? List.of("dice_liver", "volume") : List.of("dice_" + 1); }
                List<String> testingMetrics(int overloaded) { return List.of("overload"); }
                String after() { return "say \\"so\\""; }
                """);
        assertThat(read.names()).containsExactlyInAnyOrder("dice_liver", "volume", "dice_");
        assertThat(read.texts()).contains("row_17", "say \"so\"").doesNotContain("in_a_comment");
    }

    @Test
    void aTextThatIsTooMuchForTheParserIsRefused() {
        for (var nested : new String[] {"(", "{", "-", "(x)->"}) {
            assertThatThrownBy(() -> of("Object x() { return " + nested.repeat(PlanSource.MAX_CHARS / 10)))
                    .as(nested)
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_INVALID))
                    .hasMessageContaining("nested too deeply");
        }
    }
}
