package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.Participant;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A round as it stands.
 *
 * @param elapsed since the participants were asked
 * @param wanted so many answers are aimed at; fewer than were asked where more were asked on purpose
 * @param states of all that were asked
 */
public record RoundProgress(int round, Duration elapsed, int wanted, SortedMap<Participant, ParticipantState> states) {
    public RoundProgress {
        states = new TreeMap<>(states);
    }

    public int asked() {
        return states.size();
    }

    public int answered() {
        return (int) states.values().stream()
                .filter(ParticipantState.Answered.class::isInstance)
                .count();
    }
}
