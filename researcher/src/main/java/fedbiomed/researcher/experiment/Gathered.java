package fedbiomed.researcher.experiment;

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

    /** @param accepted an accepted answer as the round keeps it, if it does */
    List<ParticipantOutcome> outcomes(Function<T, @Nullable ParticipantOutcome> accepted) {
        var outcomes = new ArrayList<ParticipantOutcome>();
        answers.forEach((participant, answer) -> {
            var kept = answer.value == null ? null : accepted.apply(answer.value);
            outcomes.add(new ParticipantOutcome(
                    participant,
                    answer.status,
                    answer.request,
                    answer.askedIn == 0 ? null : answer.askedIn,
                    answer.code,
                    answer.text,
                    kept == null ? null : kept.reply(),
                    kept == null ? null : kept.exchange()));
        });
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
