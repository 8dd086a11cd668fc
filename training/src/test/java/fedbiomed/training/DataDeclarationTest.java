package fedbiomed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.preprocessing.Imputation;
import fedbiomed.data.preprocessing.StatisticsSource;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataDeclarationTest {
    private static TrainingPlan.TrainingData table() {
        return new TrainingPlan.DatasetView().table();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ".target(\"y\") | names no inputs",
                ".inputs(\"a\") | names no target",
                ".inputs(\"a\", \"a\").target(\"y\") | names the input 'a' twice",
                ".inputs(\"a\", \" \").target(\"y\") | a blank name of input",
                ".inputs(\"a\", \"y\").target(\"y\") | has 'y' as input and as target",
                ".inputs(\"a\").target(\"y\").classes(\"0\") | declares 1 classes; 2 to 256",
                ".inputs(\"a\").target(\"y\").classes(\"0\", \"0\") | names the class '0' twice",
                ".inputs(\"a\").target(\"y\").impute(CONSTANT) | without a finite value",
                ".inputs(\"a\").target(\"y\").impute(MEAN, 3) | with a value, which only CONSTANT takes",
                ".inputs(\"a\").target(\"y\").standardise(GIVEN) | not every input has one",
                ".inputs(\"a\").target(\"y\").given(\"a\", 0, 1) | constants that nothing uses",
                ".inputs(\"a\").target(\"y\").impute(MEAN, LOCAL).standardise() | imputes with LOCAL and standardises with FEDERATED",
                ".inputs(\"a\").target(\"y\").impute(MEDIAN).standardise() | MEDIAN cannot be computed over nodes",
            })
    void aContradictionIsTold(String calls, String expected) {
        var text = "import fedbiomed.training.linear.*; public class P extends SgdRegressor {"
                + " public TrainingData data(DatasetView d) { return d.table()" + calls + "; } }";
        try (var plan = LoadedPlan.compile(new PlanSource(text))) {
            assertThatThrownBy(() -> plan.requirements(Args.NONE))
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_INVALID))
                    .hasMessageContaining(expected);
        }
    }

    @Test
    void givenMomentsHaveTheMeanAndDeviationThatWereGiven() {
        var data = table().inputs("a")
                .target("y")
                .standardise(StatisticsSource.GIVEN)
                .given("a", 50, 3)
                .declaration();
        var moments = Objects.requireNonNull(data.pipeline().given().get("a"));
        assertThat(moments.mean()).isEqualTo(50);
        assertThat(Math.sqrt(moments.variance())).isCloseTo(3, Offset.offset(1e-9));
    }

    @Test
    void aMedianIsEachNodesOwn() {
        var data = table().inputs("a").target("y").impute(Imputation.MEDIAN).declaration();
        assertThat(data.pipeline().source()).isEqualTo(StatisticsSource.LOCAL);
        assertThat(data.pipeline().needsFederatedStatistics()).isFalse();
    }
}
