package fedbiomed.researcher.experiment;

import fedbiomed.protocol.message.Reply;
import fedbiomed.researcher.strategy.Decision;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.Participant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a gathering ended: what the strategy decided, and what became of each. */
record Gathered<T>(Decision decision, SortedMap<Participant, Outcome<T>> answers) {
    /**
     * @param askedIn the earlier round that asked it; 0: this one
     * @param value {@code null} unless accepted
     * @param code {@code null} unless failed or refused
     */
    record Outcome<T>(
            OutcomeStatus status,
            String request,
            int askedIn,
            @Nullable T value,
            @Nullable ErrorCode code,
            String text) {}

    /** @param reply what of an accepted answer is kept with the round */
    List<ParticipantOutcome> outcomes(Function<T, Reply.@Nullable Train> reply) {
        var outcomes = new ArrayList<ParticipantOutcome>();
        answers.forEach((participant, answer) -> outcomes.add(new ParticipantOutcome(
                participant,
                answer.status,
                answer.request,
                answer.askedIn == 0 ? null : answer.askedIn,
                answer.code,
                answer.text,
                answer.value == null ? null : reply.apply(answer.value))));
        return outcomes;
    }

    SortedMap<Participant, T> accepted() {
        var accepted = new TreeMap<Participant, T>();
        answers.forEach((participant, answer) -> {
            if (answer.value != null) {
                accepted.put(participant, answer.value);
            }
        });
        return accepted;
    }
}
