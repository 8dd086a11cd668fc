package fedbiomed.vocabulary;

import java.util.Comparator;

/** A dataset at a node. Rounds, updates and replies are counted by participant: a node with two datasets is two. */
public record Participant(PartyId node, String dataset) implements Comparable<Participant> {
    private static final Comparator<Participant> ORDER =
            Comparator.comparing(Participant::node).thenComparing(Participant::dataset);

    @Override
    public int compareTo(Participant other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return node + "/" + dataset;
    }
}
