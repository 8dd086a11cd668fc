package fedbiomed.researcher.experiment;

import fedbiomed.protocol.message.Reply;
import fedbiomed.researcher.strategy.Choice;
import fedbiomed.training.metrics.MetricChoice;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.Participant;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A finished round in numbers.
 *
 * @param outcomes of all that were asked, in order, and of those whose answers to earlier rounds were waited for
 * @param leftOut who was not asked for its failures
 * @param global metrics of the model that the round started from, by participant; empty if it was not tested
 * @param local metrics of each participant's own update on its own held-out rows
 * @param pooledGlobal of {@code global}'s test rows together, from sums
 * @param pooledLocal each update on its own participant's rows, together
 */
public record RoundSummary(
        int round,
        List<ParticipantOutcome> outcomes,
        List<Choice.LeftOut> leftOut,
        SortedMap<Participant, SequencedMap<String, Double>> global,
        SortedMap<Participant, SequencedMap<String, Double>> local,
        SequencedMap<String, Double> pooledGlobal,
        SequencedMap<String, Double> pooledLocal) {
    /** @param chosen what is told of the tests */
    static RoundSummary of(
            int round, List<ParticipantOutcome> outcomes, List<Choice.LeftOut> leftOut, MetricChoice chosen) {
        var global = tests(
                // a late answer has tested the model of an earlier round
                outcomes.stream().filter(outcome -> outcome.askedIn() == null).toList(),
                Reply.Train::globalTest,
                chosen);
        var local = tests(outcomes, Reply.Train::localTest, chosen);
        return new RoundSummary(
                round,
                List.copyOf(outcomes),
                List.copyOf(leftOut),
                global.metrics(),
                local.metrics(),
                global.pooled(),
                local.pooled());
    }

    /** Of a finished round. */
    static RoundSummary read(int round, RoundFolder folder, MetricChoice chosen) {
        var leftOut = folder.choice().map(choice -> choice.choice().leftOut()).orElseGet(List::of);
        return of(round, folder.replies(), leftOut, chosen);
    }

    /** Participants that this round asked. */
    public int asked() {
        return (int)
                outcomes.stream().filter(outcome -> outcome.askedIn() == null).count();
    }

    /** Whether too few answered, and the model stayed as it was. */
    public boolean skipped() {
        return round > 0 && outcomes.stream().allMatch(outcome -> outcome.reply() == null);
    }

    /** {@code 2 of 3 answered, 1 late}. */
    public String tally() {
        var text = new StringBuilder(accepted() + " of " + asked() + " answered");
        for (var status : OutcomeStatus.values()) {
            long count = outcomes.stream()
                    .filter(outcome -> outcome.status() == status)
                    .count();
            if (count > 0 && status != OutcomeStatus.ACCEPTED) {
                text.append(", ").append(count).append(' ').append(status.text());
            }
        }
        if (!leftOut.isEmpty()) {
            text.append(", ").append(leftOut.size()).append(" left out");
        }
        return skipped() ? text + "; skipped, the model stays as it was" : text.toString();
    }

    public int accepted() {
        return (int) outcomes.stream()
                .filter(outcome -> outcome.status() == OutcomeStatus.ACCEPTED)
                .count();
    }

    /** Training rows behind the round's result. */
    public long samples() {
        return outcomes.stream()
                .map(ParticipantOutcome::reply)
                .mapToLong(reply -> reply == null ? 0 : reply.samples())
                .sum();
    }

    /** Participants that trained, and whose node's policy gives no metrics ({@code metrics_leave: false}). */
    public SortedSet<Participant> withheld() {
        return withheld(outcomes);
    }

    static SortedSet<Participant> withheld(List<ParticipantOutcome> outcomes) {
        var withheld = new TreeSet<Participant>();
        for (var outcome : outcomes) {
            var reply = outcome.reply();
            if (reply != null && reply.metricsWithheld()) {
                withheld.add(outcome.participant());
            }
        }
        return withheld;
    }

    /** A sentence on {@link #withheld}; empty if there is none. */
    public String withheldLine() {
        var names = withheld();
        return names.isEmpty()
                ? ""
                : "The metrics of "
                        + names.stream().map(Participant::toString).collect(Collectors.joining(", "))
                        + " are not given, by the node's policy (metrics_leave).";
    }

    /** Mean training loss, weighted by rows; {@code null} where no participant told one. */
    public @Nullable Double loss() {
        double sum = 0;
        long samples = 0;
        for (var outcome : outcomes) {
            var reply = outcome.reply();
            if (reply != null && reply.loss() != null) {
                sum += reply.loss() * reply.samples();
                samples += reply.samples();
            }
        }
        return samples == 0 ? null : sum / samples;
    }

    private static Evaluation tests(
            List<ParticipantOutcome> outcomes,
            Function<Reply.Train, @Nullable EvaluationSums> test,
            MetricChoice chosen) {
        var sums = new TreeMap<Participant, EvaluationSums>();
        for (var outcome : outcomes) {
            var tested = outcome.reply() == null ? null : test.apply(outcome.reply());
            if (tested != null) {
                sums.put(outcome.participant(), tested);
            }
        }
        return Evaluation.of(sums, outcomes, chosen);
    }
}
