package fedbiomed.researcher.experiment;

import fedbiomed.protocol.home.DurationText;
import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.strategy.Candidate;
import fedbiomed.researcher.strategy.Choice;
import fedbiomed.researcher.strategy.ParticipantHistory;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.researcher.strategy.TooFew;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds out whom a round asks, or reads whom it asked when it was begun before. */
final class RoundSelection {
    private static final long TICK_MILLIS = 100;
    /** Presence comes message by message after a connection: it counts once nobody has come or gone for so long. */
    private static final Duration SETTLED = Duration.ofMillis(500);
    /** Arguments that do not change whom a round asks. */
    private static final Set<String> NOT_OF_SELECTION =
            Set.of("deadline", "quorum", "absent_after", "retry", "too_few", "repeats", "late", "staleness");

    private final Researcher researcher;
    private final ExperimentParts parts;
    private final Strategy strategy;
    private final int round;
    private final SortedMap<Participant, ParticipantHistory> histories;

    RoundSelection(ExperimentParts parts, int round, ParticipantHistories histories) {
        this.researcher = parts.researcher();
        this.parts = parts;
        this.strategy = parts.strategy();
        this.round = round;
        this.histories = histories.byParticipant();
    }

    /**
     * Recorded in {@code partial} before it is given, unless it {@link #isEnough is not enough}: then nobody is asked.
     *
     * @param awaited who is still at work on an earlier round
     * @throws FedbiomedException {@code CANCELLED} if interrupted while participants are waited for
     */
    RoundChoice choose(RoundFolder partial, SortedSet<Participant> awaited) {
        var by = selectionOf(strategy);
        var before = partial.choice();
        if (before.isPresent()
                && before.get().by().equals(by)
                && isEnough(before.get().choice())) {
            return before.get();
        }
        var chosen = awaitPresence(by, awaited);
        if (isEnough(chosen.choice())) {
            partial.writeChoice(chosen);
        }
        return chosen;
    }

    /** Whether asking these may make a round. */
    boolean isEnough(Choice choice) {
        return choice.asked().size() >= least(choice);
    }

    private int least(Choice choice) {
        var management = strategy.management();
        return management.tooFew() == TooFew.GO_ON
                ? 1
                : Math.max(1, Math.max(strategy.selection().atLeast(), management.needed(choice.wanted())));
    }

    /** For a person: why nobody is asked. */
    String tooFew(RoundChoice chosen) {
        var patience = strategy.selection().patience();
        int can = chosen.choice().asked().size();
        return (can == 0 ? "nobody can be asked" : "only " + can + " can be asked")
                + (patience.isZero()
                        ? ""
                        : " (" + chosen.online().size() + " of "
                                + parts.participants().size() + " participants are online, after a wait of "
                                + DurationText.of(patience) + ")")
                + ", and " + least(chosen.choice()) + " are needed";
    }

    private static NamedArgs selectionOf(Strategy strategy) {
        var arguments = new TreeMap<>(strategy.arguments().values());
        arguments.keySet().removeAll(NOT_OF_SELECTION);
        return new NamedArgs(strategy.name(), new Args(arguments).asRead());
    }

    private RoundChoice awaitPresence(NamedArgs by, SortedSet<Participant> awaited) {
        var patience = strategy.selection().patience();
        long start = System.nanoTime();
        long changed = start;
        boolean told = false;
        var chosen = chosenNow(by, awaited);
        try {
            while (System.nanoTime() - start < patience.toNanos()) {
                boolean enough =
                        chosen.choice().asked().size() >= strategy.selection().atLeast();
                if (enough && System.nanoTime() - changed >= SETTLED.toNanos()) {
                    break;
                }
                if (!enough && !told && System.nanoTime() - start >= SETTLED.toNanos()) {
                    told = true;
                    parts.events()
                            .notice("round " + round + " waits up to " + DurationText.of(patience) + " until "
                                    + strategy.selection().atLeast() + " participants are online");
                }
                if (researcher.isClosed()) {
                    throw new FedbiomedException(
                            ErrorCode.CANCELLED, "the researcher was closed while participants were waited for");
                }
                Thread.sleep(TICK_MILLIS);
                var now = chosenNow(by, awaited);
                if (!now.online().equals(chosen.online())) {
                    changed = System.nanoTime();
                }
                chosen = now;
            }
            return chosen;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FedbiomedException(ErrorCode.CANCELLED, "stopped while participants were waited for", e);
        }
    }

    private RoundChoice chosenNow(NamedArgs by, SortedSet<Participant> awaited) {
        var online = new TreeSet<Participant>();
        for (var participant : parts.participants()) {
            if (researcher.online(participant.node())) {
                online.add(participant);
            }
        }
        // java.util.Random's algorithm is specified, so the same seed draws the same on every JVM
        var choice = Choice.of(
                strategy,
                candidates(online),
                awaited,
                round,
                () -> new Random(Seeds.selection(parts.arguments().seed(), round)));
        return new RoundChoice(by, online, awaited, choice);
    }

    private List<Candidate> candidates(SortedSet<Participant> online) {
        var candidates = new ArrayList<Candidate>();
        for (var dataset : parts.begun().participants()) {
            var participant = dataset.participant();
            candidates.add(new Candidate(
                    participant,
                    dataset.rows(),
                    online.contains(participant),
                    histories.getOrDefault(participant, ParticipantHistory.NONE)));
        }
        candidates.sort(null);
        return candidates;
    }
}
