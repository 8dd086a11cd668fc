package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.Participant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Whom a round asks, and whom it leaves out.
 *
 * @param wanted with so many answers the round is complete; fewer than are asked where more were asked on purpose
 * @param leftOut of those that might have been asked
 */
public record Choice(SortedSet<Participant> asked, int wanted, List<LeftOut> leftOut) {
    /**
     * A participant that is not asked for its failures.
     *
     * @param failures in a row
     * @param again the round from which on it may be asked again
     */
    public record LeftOut(Participant participant, int failures, int again) {
        /** For a person, after the participant's name. */
        public String text() {
            return "left out after " + failures + " failure" + (failures == 1 ? "" : "s")
                    + " in a row; asked again in round " + again;
        }
    }

    public Choice {
        asked = Collections.unmodifiableSortedSet(new TreeSet<>(asked));
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Applies a strategy's selection and its rule for leaving out. Nobody is left out, and no late answer is waited for,
     * where the rest would be fewer than the quorum: then those whose last question is longest ago are asked again.
     *
     * @param candidates all of the experiment's participants, in order
     * @param awaited participants that are still at work on an earlier round
     * @param random gives a generator of the round's seed, the same each time
     */
    public static Choice of(
            Strategy strategy,
            List<Candidate> candidates,
            SortedSet<Participant> awaited,
            int round,
            Supplier<RandomGenerator> random) {
        var management = strategy.management();
        var pool = new ArrayList<Candidate>();
        var out = new ArrayList<Candidate>();
        for (var candidate : candidates) {
            boolean kept = management.leaveOut().applies(candidate, round) || awaited.contains(candidate.participant());
            (kept ? out : pool).add(candidate);
        }
        out.sort(Comparator.comparing((Candidate candidate) -> awaited.contains(candidate.participant()))
                .thenComparingInt(candidate -> candidate.history().lastAsked())
                .thenComparing(Comparator.naturalOrder()));
        int needed = Math.max(strategy.selection().atLeast(), management.quorum());
        var asked = asked(strategy, candidates.size(), pool, round, random);
        while (asked.size() < needed && !out.isEmpty()) {
            pool.add(out.removeFirst());
            Collections.sort(pool);
            asked = asked(strategy, candidates.size(), pool, round, random);
        }
        var leftOut = out.stream()
                .filter(candidate -> !awaited.contains(candidate.participant()))
                .sorted()
                .map(candidate -> new LeftOut(
                        candidate.participant(),
                        candidate.history().failuresInARow(),
                        candidate.history().lastAsked() + management.leaveOut().rounds() + 1))
                .toList();
        int wanted = strategy.selection().wanted(candidates.size());
        return new Choice(asked, Math.min(wanted, asked.size()), leftOut);
    }

    private static SortedSet<Participant> asked(
            Strategy strategy, int all, List<Candidate> pool, int round, Supplier<RandomGenerator> random) {
        var selection = strategy.selection();
        if (pool.isEmpty()) {
            return new TreeSet<>();
        }
        int count = strategy.management().toAsk(selection.wanted(all));
        var asked = new TreeSet<>(selection.select(List.copyOf(pool), count, round, random.get()));
        for (var participant : asked) {
            if (pool.stream().noneMatch(candidate -> candidate.participant().equals(participant))) {
                throw new IllegalArgumentException("the strategy '" + strategy.name() + "' selected " + participant
                        + ", which is not among the candidates");
            }
        }
        return asked;
    }
}
