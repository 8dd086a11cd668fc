package fedbiomed.researcher.experiment;

import fedbiomed.training.metrics.MetricChoice;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.Participant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;

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
        List<ParticipantOutcome> outcomes) {
    /** @param chosen what is told of the tests */
    static Evaluation of(
            SortedMap<Participant, EvaluationSums> sums, List<ParticipantOutcome> outcomes, MetricChoice chosen) {
        var metrics = new TreeMap<Participant, SequencedMap<String, Double>>();
        sums.forEach((participant, test) -> metrics.put(participant, chosen.of(test)));
        SequencedMap<String, Double> pooled = sums.values().stream()
                .reduce(EvaluationSums::plus)
                .map(chosen::of)
                .orElseGet(LinkedHashMap::new);
        return new Evaluation(sums, metrics, pooled, outcomes);
    }

    /** Held-out rows of all that answered. */
    public long rows() {
        return sums.values().stream().mapToLong(EvaluationSums::count).sum();
    }
}
