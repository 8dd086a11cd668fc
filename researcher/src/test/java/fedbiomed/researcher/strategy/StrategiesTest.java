package fedbiomed.researcher.strategy;

import static fedbiomed.researcher.strategy.Cohort.participant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.Args;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StrategiesTest {
    static Stream<Strategy> strategies() {
        return Stream.of(
                Strategy.all(),
                Strategy.all().quorum(2).deadline(Duration.ofSeconds(100)).absentAfter(Duration.ofSeconds(10)),
                Strategy.fraction(0.25).overSelect(1.3).retryOnce(),
                Strategy.byRows(3).overSelectBy(2).leaveOut(3, 4).readmitWhenPresent(),
                Strategy.byWeight(1, new TreeMap<>(Map.of(participant(1), 0.5, participant(2), 3.0)))
                        .tooFew(TooFew.SKIP),
                Strategy.available(2, Duration.ofMinutes(3)).tooFew(TooFew.GO_ON),
                Strategy.of(new Available(2, Duration.ZERO, 3)).repeatRound(4),
                Strategy.roundRobin(2).useLateAnswers(3),
                Strategy.fixed(participant(4), participant(1)).leaveOut(1, 1));
    }

    @ParameterizedTest
    @MethodSource("strategies")
    void aStrategyIsReadBackAsItWas(Strategy strategy) {
        assertThat(Strategies.named(strategy.name(), strategy.arguments().asRead()))
                .isEqualTo(strategy);
    }

    private static Strategy named(String name, Map<String, Object> arguments) {
        return Strategies.named(name, new Args(arguments));
    }

    @Test
    void fedBioMedsNameMeansAll() {
        assertThat(named("DefaultStrategy", Map.of())).isEqualTo(Strategy.all());
        assertThat(named("all", Map.of("sample", 0.5))).isEqualTo(Strategy.fraction(0.5));
        assertThat(named("all", Map.of("sample", 1))).isEqualTo(Strategy.all());
    }

    @Test
    void wrongNamesAndArgumentsAreNamed() {
        assertThatThrownBy(() -> named("some", Map.of()))
                .hasMessageContaining("there is no strategy 'some'; there is: DefaultStrategy, all, available, fixed,"
                        + " fraction, round_robin, weighted");
        assertThatThrownBy(() -> named("all", Map.of("qorum", 2)))
                .hasMessageContaining("the strategy 'all' has no argument 'qorum'; the nearest is 'quorum'");
        assertThatThrownBy(() -> named("all", Map.of("count", 2))).hasMessageContaining("has no argument 'count'");
        assertThatThrownBy(() -> named("round_robin", Map.of()))
                .hasMessage("the strategy 'round_robin' needs 'count', e.g. count: 2");
        assertThatThrownBy(() -> named("fraction", Map.of("sample", 1.5))).hasMessageContaining("not 1.5");
        assertThatThrownBy(() -> named("weighted", Map.of("count", 0))).hasMessageContaining("at least 1, not 0");
        assertThatThrownBy(() -> named("weighted", Map.of("count", 1, "weights", Map.of("node", 1))))
                .hasMessageContaining("strategy.weights: a participant is written node/dataset");
        assertThatThrownBy(() -> named("weighted", Map.of("count", 1, "weights", Map.of("a/b", -1))))
                .hasMessageContaining("a number of at least 0, not -1");
        assertThatThrownBy(() -> named("available", Map.of("at_least", 3, "count", 2)))
                .hasMessageContaining("fewer than the 3 of strategy.at_least");
        assertThatThrownBy(() -> named("fixed", Map.of("participants", List.of())))
                .hasMessageContaining("must name at least one");
        assertThatThrownBy(() -> named("all", Map.of("too_few", "stop")))
                .hasMessage("strategy.too_few is one of fail, go_on, repeat, skip, not 'stop'");
        assertThatThrownBy(() -> named("all", Map.of("late", "keep")))
                .hasMessage("strategy.late is 'discard' or 'use', not 'keep'");
    }

    @Test
    void anArgumentThatSaysNothingIsRefused() {
        assertThatThrownBy(() -> named("all", Map.of("leave_out_rounds", 2)))
                .hasMessageContaining("strategy.leave_out_rounds says nothing without leave_out_after");
        assertThatThrownBy(() -> named("all", Map.of("staleness", 2))).hasMessageContaining("without late: use");
        assertThatThrownBy(() -> named("all", Map.of("repeats", 2))).hasMessageContaining("without too_few: repeat");
        assertThatThrownBy(() -> named("fraction", Map.of("sample", 0.5, "over_select", 1.5, "over_select_by", 1)))
                .hasMessageContaining("give one of them");
    }

    @Test
    void weightsOfStrangersAndTooFewWeightsAreRefused() {
        var weights = new TreeMap<>(Map.of(participant(1), 1.0, participant(2), 0.0));
        assertThat(Strategy.byWeight(1, weights).problemFor(Cohort.participants(1)))
                .contains("strategy.weights names node-02/d, which takes no part");
        assertThat(Strategy.byWeight(2, weights).problemFor(Cohort.participants(1, 2)))
                .contains("strategy.count is 2, but strategy.weights has 1 participants with a weight over 0");
    }
}
