package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * Whom to ask in a round ({@link #selection}), and when it is complete and what becomes of late, failed and absent
 * participants ({@link #management}). A strategy decides on what it is shown alone, so that a repeated round is decided
 * alike.
 *
 * <p>One of your own: a {@link Selection}, made a strategy by {@link #of}; or this interface, with {@link #decide}.
 */
public interface Strategy {
    /** Whom a round asks; by default everybody. */
    default Selection selection() {
        return new AllParticipants();
    }

    /** The rules around it. */
    default Management management() {
        return Management.DEFAULT;
    }

    /** What files and commands call it; {@link Strategies} finds the built-in ones by that. */
    default String name() {
        return selection().name();
    }

    /** Its arguments as {@code experiment.yaml} holds them. */
    default Args arguments() {
        var all = new TreeMap<>(ManagementArguments.of(management()));
        all.putAll(selection().arguments().values());
        return new Args(all);
    }

    /** Called whenever something has changed, and a few times a second. */
    default Decision decide(RoundProgress progress) {
        return management().decide(progress);
    }

    /** The empty string, or what is wrong with this strategy for these participants, and what to do. */
    default String problemFor(SortedSet<Participant> participants) {
        var problem = selection().problemFor(participants);
        if (!problem.isEmpty()) {
            return problem;
        }
        int all = participants.size();
        int wanted = Math.min(all, selection().wanted(all));
        int quorum = management().quorum();
        if (quorum > wanted) {
            return "the strategy's quorum is " + quorum + ", but "
                    + (wanted == all
                            ? "only " + all + " participants match; lower the quorum or widen the tags"
                            : "a round asks for " + wanted + " of the " + all
                                    + " participants; lower the quorum or ask for more");
        }
        if (selection().atLeast() > all) {
            return "strategy.at_least is " + selection().atLeast() + ", but only " + all
                    + " participants match; lower it or widen the tags";
        }
        return management().overSelects() && wanted == all
                ? "over-selection asks more participants than answers are wanted, but the strategy '" + name()
                        + "' wants the answers of all " + all + "; leave over_select out, or want fewer"
                : "";
    }

    /** Everybody, all needed, within an hour; a node that is gone for 10 seconds counts as absent. */
    static ManagedStrategy all() {
        return of(new AllParticipants());
    }

    /** As {@link RandomFraction}. */
    static ManagedStrategy fraction(double sample) {
        return of(new RandomFraction(sample));
    }

    /** As {@link ByWeight}, by the datasets' rows. */
    static ManagedStrategy byRows(int count) {
        return of(new ByWeight(count, new TreeMap<>()));
    }

    /** As {@link ByWeight}, by given weights. */
    static ManagedStrategy byWeight(int count, SortedMap<Participant, Double> weights) {
        return of(new ByWeight(count, weights));
    }

    /** As {@link Available}: all that are online. */
    static ManagedStrategy available(int atLeast, Duration patience) {
        return of(new Available(atLeast, patience, 0));
    }

    /** As {@link RoundRobin}. */
    static ManagedStrategy roundRobin(int count) {
        return of(new RoundRobin(count));
    }

    /** As {@link FixedList}. */
    static ManagedStrategy fixed(Participant... participants) {
        return of(new FixedList(new java.util.TreeSet<>(List.of(participants))));
    }

    /** Any selection, with the default rules; the methods of what is given change them. */
    static ManagedStrategy of(Selection selection) {
        return new ManagedStrategy(selection, Management.DEFAULT);
    }
}
