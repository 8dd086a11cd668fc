package fedbiomed.researcher.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllParticipantsTest {
    private static final Strategy STRATEGY =
            Strategy.all().quorum(2).deadline(Duration.ofSeconds(100)).absentAfter(Duration.ofSeconds(10));

    /** One letter a participant: A answered, F failed, w waiting, o offline for 3 s, O offline for 12 s. */
    private static RoundProgress progress(int seconds, String states) {
        var map = new TreeMap<Participant, ParticipantState>();
        for (int i = 0; i < states.length(); i++) {
            map.put(
                    participant(i),
                    switch (states.charAt(i)) {
                        case 'A' -> new ParticipantState.Answered();
                        case 'F' -> new ParticipantState.Failed(ErrorCode.PLAN_FAILED, "threw");
                        case 'o' -> new ParticipantState.Waiting(Duration.ofSeconds(3));
                        case 'O' -> new ParticipantState.Waiting(Duration.ofSeconds(12));
                        default -> new ParticipantState.Waiting(null);
                    });
        }
        return new RoundProgress(1, Duration.ofSeconds(seconds), map);
    }

    private static Participant participant(int i) {
        return new Participant(PartyId.of("node-" + i), "d");
    }

    private static SortedSet<Participant> participants(int n) {
        var all = new TreeSet<Participant>();
        for (int i = 0; i < n; i++) {
            all.add(participant(i));
        }
        return all;
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

    @Test
    void aShareIsDrawnAnewEachRoundAndAlikeForTheSameSeed() {
        var strategy = Strategy.all().sample(0.5);
        var all = participants(9);
        var drawn = strategy.select(all, 1, new Random(1));
        assertThat(drawn).hasSize(5).isSubsetOf(all);
        assertThat(strategy.select(all, 1, new Random(1))).isEqualTo(drawn);
        assertThat(strategy.select(all, 1, new Random(2))).isNotEqualTo(drawn);
        assertThat(strategy.select(participants(1), 1, new Random(1))).hasSize(1);
    }

    @Test
    void argumentsAreReadBackAsTheyWere() {
        var strategy = STRATEGY;
        assertThat(Strategies.named(strategy.name(), strategy.arguments())).isEqualTo(strategy);
        assertThat(Strategies.named("all", Args.NONE)).isEqualTo(Strategy.all());
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThatThrownBy(() -> Strategies.named("all", new Args(Map.of("qorum", 2))))
                .hasMessage(
                        "the strategy 'all' has no argument 'qorum'; it has absent_after, deadline, quorum, sample");
        assertThatThrownBy(() -> Strategies.named("some", Args.NONE))
                .hasMessageContaining("there is no strategy 'some'");
        assertThatThrownBy(() -> Strategy.all().quorum(0)).hasMessageContaining("at least 1, not 0");
        assertThatThrownBy(() -> Strategy.all().sample(1.5)).hasMessageContaining("not 1.5");
    }
}
