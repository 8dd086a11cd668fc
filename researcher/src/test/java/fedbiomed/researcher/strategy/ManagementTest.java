package fedbiomed.researcher.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.Participant;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManagementTest {
    private static final ManagedStrategy STRATEGY =
            Strategy.all().quorum(2).deadline(Duration.ofSeconds(100)).absentAfter(Duration.ofSeconds(10));

    /** One letter a participant: A answered, F failed, w waiting, o offline for 3 s, O offline for 12 s. */
    private static RoundProgress progress(int seconds, String states) {
        return progress(seconds, states.length(), states);
    }

    private static RoundProgress progress(int seconds, int wanted, String states) {
        var map = new TreeMap<Participant, ParticipantState>();
        for (int i = 0; i < states.length(); i++) {
            map.put(
                    Cohort.participant(i),
                    switch (states.charAt(i)) {
                        case 'A' -> new ParticipantState.Answered();
                        case 'F' -> new ParticipantState.Failed(ErrorCode.PLAN_FAILED, "threw");
                        case 'o' -> new ParticipantState.Waiting(Duration.ofSeconds(3));
                        case 'O' -> new ParticipantState.Waiting(Duration.ofSeconds(12));
                        default -> new ParticipantState.Waiting(null);
                    });
        }
        return new RoundProgress(1, Duration.ofSeconds(seconds), wanted, map);
    }

    @ParameterizedTest
    @CsvSource({
        "5, AAA, Complete",
        "5, AAw, Wait",
        "5, AAo, Wait",
        "5, AAO, Complete",
        "5, AAF, Complete",
        "5, AFw, Wait",
        "5, AFF, Fail",
        "5, AFO, Fail",
        "5, FFw, Wait",
        "99, AAw, Wait",
        "100, AAw, Complete",
        "100, Aww, Fail",
        "100, AAA, Complete",
    })
    void aRoundIsDecidedByWhoMayStillAnswer(int seconds, String states, String expected) {
        assertThat(STRATEGY.decide(progress(seconds, states)).getClass().getSimpleName())
                .isEqualTo(expected);
    }

    @Test
    void withoutAQuorumAllAreNeeded() {
        assertThat(Strategy.all().decide(progress(5, "AAF")))
                .isEqualTo(new Decision.Fail("2 of 3 participants answered, 3 are needed (the strategy's quorum)"));
    }

    @ParameterizedTest
    @CsvSource({
        "5, AAwww, Wait",
        "5, AAAww, Complete",
        "5, AAAAw, Complete",
        "5, AAwFF, Wait",
        "5, AAFFF, Complete",
        "5, AFFFF, Fail",
        "100, AAwww, Complete",
    })
    void whereMoreAreAskedThanWantedTheFirstMakeTheRound(int seconds, String states, String expected) {
        assertThat(STRATEGY.decide(progress(seconds, 3, states)).getClass().getSimpleName())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"5, AFF, Complete", "5, FFF, Fail", "5, Aww, Wait", "100, Aww, Complete"})
    void aRoundThatGoesOnDoesSoWithOne(int seconds, String states, String expected) {
        var strategy = STRATEGY.tooFew(TooFew.GO_ON);
        assertThat(strategy.decide(progress(seconds, states)).getClass().getSimpleName())
                .isEqualTo(expected);
    }

    @Test
    void aQuorumIsNotForgottenWhereFewerAreAsked() {
        assertThat(STRATEGY.decide(progress(5, "A")))
                .isEqualTo(new Decision.Fail("1 of 1 participants answered, 2 are needed (the strategy's quorum)"));
    }

    @Test
    void onlyWhatMayPassIsAskedOnceMore() {
        var rules = Strategy.all().retryOnce().management();
        assertThat(rules.retries(ErrorCode.PLAN_FAILED)).isTrue();
        assertThat(rules.retries(ErrorCode.INTERNAL)).isTrue();
        assertThat(rules.retries(ErrorCode.PLAN_REJECTED)).as("a decision").isFalse();
        assertThat(rules.retries(ErrorCode.DATA_UNFIT)).as("the same data").isFalse();
        assertThat(Management.DEFAULT.retries(ErrorCode.PLAN_FAILED)).isFalse();
    }

    @Test
    void aFactorAsksWholeParticipantsMore() {
        assertThat(Strategy.all().overSelect(1.1).management().toAsk(10)).isEqualTo(11);
        assertThat(Strategy.all().overSelect(1.3).management().toAsk(2)).isEqualTo(3);
        assertThat(Strategy.all().overSelectBy(4).management().toAsk(2)).isEqualTo(6);
    }

    @Test
    void wrongRulesAreNamed() {
        assertThatThrownBy(() -> Strategy.all().quorum(0)).hasMessageContaining("quorum must be at least 1, not 0");
        assertThatThrownBy(() -> Strategy.all().deadline(Duration.ZERO)).hasMessageContaining("strategy.deadline");
        assertThatThrownBy(() -> Strategy.all().overSelect(0.5)).hasMessageContaining("a factor of 1 to 100");
        assertThatThrownBy(() -> Strategy.all().leaveOut(2, 0))
                .hasMessageContaining("leave_out_rounds must be at least 1");
        assertThatThrownBy(() -> Strategy.all().repeatRound(0)).hasMessageContaining("repeats must be at least 1");
    }
}
