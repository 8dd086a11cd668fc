package fedbiomed.researcher.experiment;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says of which trainings numbers never came to the monitor: what is not there must not look like what never was. */
final class LostScalars {
    private static final int MAX_NAMED = 5;

    private LostScalars() {}

    /** One sentence on a round; empty if all came. */
    static Optional<String> notice(int round, List<ParticipantOutcome> outcomes) {
        var lost = outcomes.stream().filter(one -> one.lostScalars() > 0).toList();
        if (lost.isEmpty()) {
            return Optional.empty();
        }
        var named = lost.stream().limit(MAX_NAMED).map(LostScalars::share).collect(Collectors.joining(", "));
        var more = lost.size() > MAX_NAMED ? " and of " + (lost.size() - MAX_NAMED) + " more" : "";
        return Optional.of("in round " + round + " numbers for the monitor did not all come: " + named + more
                + "; the curves have gaps there, the round's result does not");
    }

    private static String share(ParticipantOutcome outcome) {
        long lost = outcome.lostScalars();
        var reply = outcome.reply();
        long all = reply == null || reply.scalars() == null ? lost : reply.scalars();
        return (all - lost) + " of " + all + " of " + outcome.participant();
    }

    /** Of all rounds together. */
    static long count(List<RoundSummary> rounds) {
        return rounds.stream()
                .flatMap(round -> round.outcomes().stream())
                .mapToLong(ParticipantOutcome::lostScalars)
                .sum();
    }
}
