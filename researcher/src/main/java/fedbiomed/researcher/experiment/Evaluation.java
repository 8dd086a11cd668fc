package fedbiomed.researcher.experiment;

import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.Participant;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;

/**
 * A model tested on the participants' held-out rows.
 *
 * @param sums by participant, of those that answered
 * @param metrics computed from {@code sums}
 * @param pooled of all these rows together; empty if none
 * @param outcomes of all that were asked
 */
public record Evaluation(
        SortedMap<Participant, EvaluationSums> sums,
        SortedMap<Participant, SequencedMap<String, Double>> metrics,
        SequencedMap<String, Double> pooled,
        List<ParticipantOutcome> outcomes) {}
