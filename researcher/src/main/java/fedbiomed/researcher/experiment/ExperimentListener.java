package fedbiomed.researcher.experiment;

import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Scalar;
import java.util.SortedSet;

/** Told how an experiment goes on; one call at a time, from several threads. Must return at once. */
public interface ExperimentListener {
    /** Something a person should know, or do: a node left out, a plan that awaits approval. */
    default void notice(String text) {}

    /** @param rounds that the experiment will have */
    default void roundStarted(int round, int rounds, SortedSet<Participant> asked) {}

    /** A participant has answered, failed, been refused, gone or come back. */
    default void participantChanged(int round, Participant participant, String state) {}

    /** A number of a running training. */
    default void scalar(Scalar scalar) {}

    default void roundFinished(RoundSummary summary) {}
}
