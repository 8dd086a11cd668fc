package fedbiomed.researcher.strategy;

import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Asks {@code count} participants a round, drawn without replacement: each draw takes one with a chance in proportion to
 * its weight among those not drawn yet. The weights are the datasets' rows, or given. An aggregator that weighs by rows,
 * too, counts large datasets twice: by how often they are asked, and by how much they say then.
 *
 * @param weights not negative, by participant ({@code node/dataset}); who has none, or 0, is never asked; empty: rows
 */
public record ByWeight(int count, SortedMap<Participant, Double> weights) implements Selection {
    public static final String NAME = "weighted";
    static final String COUNT = "count";
    static final String WEIGHTS = "weights";

    public ByWeight {
        Counts.require(COUNT, count, 1);
        weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
        weights.forEach((participant, weight) -> {
            if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "strategy.weights of " + participant + " must be a number of at least 0, not " + weight);
            }
        });
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        var given = new TreeMap<String, Object>();
        weights.forEach((participant, weight) -> given.put(participant.toString(), weight));
        return new Args(given.isEmpty() ? Map.of(COUNT, count) : Map.of(COUNT, count, WEIGHTS, given));
    }

    @Override
    public int wanted(int participants) {
        return Math.min(count, participants);
    }

    @Override
    public Collection<Participant> select(List<Candidate> candidates, int count, int round, RandomGenerator random) {
        return Drawing.weighted(candidates, this::weight, count, random);
    }

    private double weight(Candidate candidate) {
        return weights.isEmpty() ? candidate.rows() : weights.getOrDefault(candidate.participant(), 0.0);
    }

    @Override
    public String problemFor(SortedSet<Participant> participants) {
        var unknown = Participants.unknown(WEIGHTS, weights.keySet(), participants);
        if (!unknown.isEmpty() || weights.isEmpty()) {
            return unknown;
        }
        long possible = weights.values().stream().filter(weight -> weight > 0).count();
        return possible >= count
                ? ""
                : "strategy.count is " + count + ", but strategy.weights has " + possible
                        + " participants with a weight over 0; give more of them one, or lower count";
    }
}
