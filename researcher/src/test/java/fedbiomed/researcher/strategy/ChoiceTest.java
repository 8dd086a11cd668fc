package fedbiomed.researcher.strategy;

import static fedbiomed.researcher.strategy.Cohort.participant;
import static fedbiomed.researcher.strategy.Cohort.participants;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.researcher.strategy.ParticipantHistory.Attendance;
import fedbiomed.vocabulary.Participant;
import java.util.Collection;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ChoiceTest {
    private static final ManagedStrategy TWICE = Strategy.all().quorum(1).leaveOut(2, 3);

    private static Cohort failing(int rounds, Attendance how) {
        var cohort = new Cohort(3);
        for (int round = 1; round <= rounds; round++) {
            cohort.played(round, participants(0, 1, 2), how, 1);
        }
        return cohort;
    }

    @Test
    void whoFailsTooOftenInARowIsLeftOutForAWhile() {
        assertThat(failing(1, Attendance.FAILED).choose(TWICE, 2).leftOut()).isEmpty();
        var cohort = failing(2, Attendance.FAILED);
        for (int round = 3; round <= 5; round++) {
            assertThat(cohort.choose(TWICE, round))
                    .isEqualTo(new Choice(participants(0, 2), 2, List.of(new Choice.LeftOut(participant(1), 2, 6))));
        }
        assertThat(cohort.choose(TWICE, 6).asked()).isEqualTo(participants(0, 1, 2));
        cohort.played(6, participants(0, 1, 2), Attendance.FAILED, 1);
        assertThat(cohort.choose(TWICE, 7).leftOut())
                .as("one more failure")
                .containsExactly(new Choice.LeftOut(participant(1), 3, 10));
    }

    @Test
    void anAnswerMakesFailuresForgotten() {
        var cohort = failing(1, Attendance.FAILED);
        cohort.played(2, participants(0, 1, 2), Attendance.ANSWERED);
        cohort.played(3, participants(0, 1, 2), Attendance.FAILED, 1);
        assertThat(cohort.choose(TWICE, 4).leftOut()).isEmpty();
    }

    @Test
    void whoWasStoppedHasNotFailed() {
        assertThat(failing(5, Attendance.UNDECIDED).choose(TWICE, 6).leftOut()).isEmpty();
    }

    @Test
    void whoWasGoneIsReadmittedWhenItIsThere() {
        var strategy = TWICE.readmitWhenPresent();
        var gone = failing(2, Attendance.ABSENT);
        gone.online.remove(participant(1));
        assertThat(gone.choose(strategy, 3).asked()).isEqualTo(participants(0, 2));
        gone.online.add(participant(1));
        assertThat(gone.choose(strategy, 3).asked()).isEqualTo(participants(0, 1, 2));
        assertThat(gone.choose(TWICE, 3).asked()).as("without that rule").isEqualTo(participants(0, 2));
        assertThat(failing(2, Attendance.FAILED).choose(strategy, 3).asked())
                .as("it was there, and failed")
                .isEqualTo(participants(0, 2));
    }

    @Test
    void nobodyIsLeftOutWhomTheQuorumNeeds() {
        var strategy = TWICE.quorum(2);
        var cohort = new Cohort(3);
        cohort.played(1, participants(0, 1, 2), Attendance.FAILED, 0, 1, 2);
        cohort.played(2, participants(1, 2), Attendance.FAILED, 1, 2);
        cohort.played(3, participants(0), Attendance.FAILED, 0);
        assertThat(cohort.choose(strategy, 4))
                .as("those whose question is longest ago come back")
                .isEqualTo(new Choice(participants(1, 2), 2, List.of(new Choice.LeftOut(participant(0), 2, 7))));
    }

    @Test
    void whoIsStillAtWorkIsNotAskedUnlessNeeded() {
        var cohort = new Cohort(3);
        assertThat(cohort.choose(Strategy.all().quorum(2), 2, participant(0)))
                .isEqualTo(new Choice(participants(1, 2), 2, List.of()));
        assertThat(cohort.choose(Strategy.all().quorum(3), 2, participant(0)).asked())
                .isEqualTo(participants(0, 1, 2));
    }

    @Test
    void overSelectionAsksMoreThanItWants() {
        var cohort = new Cohort(10);
        var plain = cohort.choose(Strategy.fraction(0.4), 1);
        var over = cohort.choose(Strategy.fraction(0.4).overSelect(1.5), 1);
        assertThat(over.wanted()).isEqualTo(4);
        assertThat(over.asked()).hasSize(6).containsAll(plain.asked());
        assertThat(cohort.choose(Strategy.roundRobin(3).overSelectBy(2), 1))
                .isEqualTo(new Choice(participants(0, 1, 2, 3, 4), 3, List.of()));
        assertThat(cohort.choose(Strategy.fraction(0.4).overSelect(100), 1).asked())
                .hasSize(10);
    }

    @Test
    void overSelectionWithoutAnybodyToSpareIsRefused() {
        assertThat(Strategy.all().overSelect(1.3).problemFor(participants(0, 1)))
                .contains("over-selection asks more", "'all' wants the answers of all 2");
        assertThat(Strategy.fraction(0.5).overSelect(1.3).problemFor(participants(0, 1, 2)))
                .isEmpty();
    }

    @Test
    void aQuorumBeyondWhatARoundAsksIsRefused() {
        assertThat(Strategy.all().quorum(3).problemFor(participants(0, 1)))
                .isEqualTo(
                        "the strategy's quorum is 3, but only 2 participants match; lower the quorum or widen the tags");
        assertThat(Strategy.roundRobin(2).quorum(3).problemFor(participants(0, 1, 2, 3)))
                .contains("a round asks for 2 of the 4 participants");
    }

    @Test
    void aSelectionOfStrangersIsAnError() {
        var strangers = new Selection() {
            @Override
            public String name() {
                return "strangers";
            }

            @Override
            public Collection<Participant> select(
                    List<Candidate> candidates, int count, int round, RandomGenerator random) {
                return participants(7);
            }
        };
        assertThatThrownBy(() -> new Cohort(2).choose(Strategy.of(strangers), 1))
                .hasMessageContaining("the strategy 'strangers' selected node-07/d");
    }
}
