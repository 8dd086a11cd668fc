package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.Participant;

/**
 * Someone whom a round may ask.
 *
 * @param rows of its dataset, training and held-out ones together, as its node says
 * @param online whether its node was there when the round began
 */
public record Candidate(Participant participant, long rows, boolean online, ParticipantHistory history)
        implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
        return participant.compareTo(other.participant);
    }
}
