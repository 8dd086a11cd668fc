package fedbiomed.researcher.strategy;

import static fedbiomed.researcher.strategy.Cohort.participant;
import static fedbiomed.researcher.strategy.Cohort.participants;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.researcher.strategy.ParticipantHistory.Attendance;
import fedbiomed.vocabulary.Participant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SelectionsTest {
    private static final int DRAWS = 20_000;

    /** How often each is drawn in many draws of one seed. */
    private static Map<Participant, Double> shares(Selection selection, List<Candidate> candidates, int count) {
        var random = new Random(42);
        var shares = new HashMap<Participant, Double>();
        for (int i = 0; i < DRAWS; i++) {
            selection
                    .select(candidates, count, 1, random)
                    .forEach(drawn -> shares.merge(drawn, 1.0 / DRAWS, Double::sum));
        }
        return shares;
    }

    @Test
    void allAreAskedAlsoThoseThatAreOffline() {
        var cohort = new Cohort(4);
        cohort.online.clear();
        assertThat(cohort.choose(Strategy.all(), 1)).isEqualTo(new Choice(participants(0, 1, 2, 3), 4, List.of()));
    }

    @Test
    void aFractionIsDrawnAnewEachRoundAndAlikeForTheSameSeed() {
        var cohort = new Cohort(9);
        var drawn = cohort.choose(Strategy.fraction(0.5), 1).asked();
        assertThat(drawn)
                .hasSize(5)
                .isSubsetOf(new Cohort(9).choose(Strategy.all(), 1).asked());
        assertThat(cohort.choose(Strategy.fraction(0.5), 1).asked()).isEqualTo(drawn);
        assertThat(cohort.choose(Strategy.fraction(0.5), 2).asked()).isNotEqualTo(drawn);
        assertThat(new Cohort(1).choose(Strategy.fraction(0.5), 1).asked()).hasSize(1);
        assertThat(new RandomFraction(0.07).wanted(100))
                .as("0.07 * 100 is 7.000000000000001")
                .isEqualTo(7);
    }

    @Test
    void aFractionDrawsEverybodyAlikeOften() {
        var shares = shares(new RandomFraction(0.3), new Cohort(10).candidates(), 3);
        assertThat(shares).hasSize(10);
        // 4 standard deviations of a share of 0.3 in so many draws
        assertThat(shares.values()).allSatisfy(share -> assertThat(share).isCloseTo(0.3, within(0.013)));
    }

    @Test
    void oneIsDrawnInProportionToItsRows() {
        var shares = shares(new ByWeight(1, new TreeMap<>()), new Cohort(4).candidates(), 1);
        for (int i = 0; i < 4; i++) {
            assertThat(shares.get(participant(i))).isCloseTo((i + 1) / 10.0, within(0.014));
        }
    }

    @Test
    void severalAreDrawnOneAfterTheOtherWithoutReplacement() {
        var weights = new TreeMap<>(Map.of(participant(0), 5.0, participant(1), 3.0, participant(2), 2.0));
        var shares = shares(new ByWeight(2, weights), new Cohort(4).candidates(), 2);
        // the first draw, and the second after each of the others
        assertThat(shares.get(participant(0))).isCloseTo(0.5 + 0.3 * 5 / 7 + 0.2 * 5 / 8, within(0.014));
        assertThat(shares.get(participant(1))).isCloseTo(0.3 + 0.5 * 3 / 5 + 0.2 * 3 / 8, within(0.014));
        assertThat(shares.get(participant(2))).isCloseTo(0.2 + 0.5 * 2 / 5 + 0.3 * 2 / 7, within(0.014));
        assertThat(shares).as("who has no weight is never drawn").doesNotContainKey(participant(3));
    }

    @Test
    void byWeightTheSameSeedDrawsTheSame() {
        var cohort = new Cohort(20);
        var strategy = Strategy.byRows(5);
        assertThat(cohort.choose(strategy, 3)).isEqualTo(new Cohort(20).choose(strategy, 3));
        assertThat(cohort.choose(strategy, 3).asked())
                .hasSize(5)
                .isNotEqualTo(cohort.choose(strategy, 4).asked());
    }

    @Test
    void theAvailableAreThoseOnline() {
        var cohort = new Cohort(5);
        cohort.online.removeAll(participants(1, 2));
        var strategy = Strategy.available(2, Duration.ZERO);
        assertThat(cohort.choose(strategy, 1)).isEqualTo(new Choice(participants(0, 3, 4), 3, List.of()));
        var two = Strategy.of(new Available(1, Duration.ZERO, 2));
        assertThat(cohort.choose(two, 1).asked()).hasSize(2).isSubsetOf(participants(0, 3, 4));
        cohort.online.clear();
        assertThat(cohort.choose(strategy, 1).asked()).isEmpty();
    }

    @Test
    void inTurnEverybodyIsAskedEquallyOften() {
        var cohort = new Cohort(5);
        var strategy = Strategy.roundRobin(2);
        var asked = new ArrayList<List<Participant>>();
        for (int round = 1; round <= 5; round++) {
            var choice = cohort.choose(strategy, round);
            asked.add(List.copyOf(choice.asked()));
            cohort.played(round, choice.asked(), Attendance.ANSWERED);
        }
        assertThat(asked)
                .containsExactly(
                        List.of(participant(0), participant(1)),
                        List.of(participant(2), participant(3)),
                        List.of(participant(0), participant(4)),
                        List.of(participant(1), participant(2)),
                        List.of(participant(3), participant(4)));
        assertThat(cohort.candidates())
                .allSatisfy(candidate -> assertThat(candidate.history().asked()).isEqualTo(2));
    }

    @Test
    void aFixedListIsAskedInEveryRound() {
        var strategy = Strategy.fixed(participant(1), participant(3));
        var cohort = new Cohort(4);
        assertThat(cohort.choose(strategy, 1)).isEqualTo(new Choice(participants(1, 3), 2, List.of()));
        assertThat(cohort.choose(strategy, 7).asked()).isEqualTo(participants(1, 3));
        assertThat(strategy.problemFor(participants(0, 1)))
                .isEqualTo(
                        "strategy.participants names node-03/d, which takes no part; there are: node-00/d, node-01/d");
    }
}
