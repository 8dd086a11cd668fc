package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How far a participant is in a round. */
public sealed interface ParticipantState {
    /**
     * Asked, and not answered yet.
     *
     * @param offlineFor how long its node has been gone; {@code null} while it is there, or while nobody can tell because
     *     the researcher itself has no connection
     */
    record Waiting(@Nullable Duration offlineFor) implements ParticipantState {}

    /** Its answer is there, is sound, and is on disk. */
    record Answered() implements ParticipantState {}

    /**
     * It answered that it cannot, or with what cannot be used.
     *
     * @param text for a person: what went wrong and what to do
     */
    record Failed(ErrorCode code, String text) implements ParticipantState {}
}
