package fedbiomed.researcher.experiment;

import fedbiomed.vocabulary.Participant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says of which trainings numbers never came to the monitor: what is not there must not look like what never was. Once a
 * participant and run; how many in which round stands in {@code replies.json} and, added up, in the report.
 */
final class LostScalars {
    private static final int MAX_NAMED = 5;

    private final Set<Participant> told = new HashSet<>();

    /** One sentence on a round; empty if there is nothing new. */
    synchronized Optional<String> notice(int round, List<ParticipantOutcome> outcomes) {
        var lost = outcomes.stream()
                .filter(one -> one.lostScalars() > 0 && told.add(one.participant()))
                .toList();
        if (lost.isEmpty()) {
            return Optional.empty();
        }
        var named = lost.stream().limit(MAX_NAMED).map(LostScalars::share).collect(Collectors.joining(", "));
        var more = lost.size() > MAX_NAMED ? " and of " + (lost.size() - MAX_NAMED) + " more" : "";
        return Optional.of("round " + round + " is whole, but its curves are not: of the numbers for the monitor came "
                + named + more + "; with a higher log_interval there are fewer");
    }

    private static String share(ParticipantOutcome outcome) {
        long lost = outcome.lostScalars();
        var reply = outcome.reply();
        long all = reply == null || reply.scalars() == null ? lost : reply.scalars();
        return (all - lost) + " of " + all + " of " + outcome.participant();
    }
}
