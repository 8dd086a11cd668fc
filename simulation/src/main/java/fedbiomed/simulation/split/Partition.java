package fedbiomed.simulation.split;

import fedbiomed.vocabulary.Text;
import java.util.List;
import java.util.Locale;

/** By which rule rows go to nodes. What is drawn is drawn from a seed. */
public sealed interface Partition {
    String KNOWN = "known are iid, dirichlet:ALPHA, shards:N, by:COLUMN; for example dirichlet:0.3";

    /** Rows are shuffled and dealt out evenly: every node has the same distribution. */
    record Iid() implements Partition {}

    /**
     * Nodes of one size with classes in different shares: each node's shares are drawn from a Dirichlet distribution of
     * parameters {@code alpha} times the classes' shares in all rows (Hsu, Qi and Brown 2019, "Measuring the Effects of
     * Non-Identical Data Distribution for Federated Visual Classification"). Towards 0 each node has one class, towards
     * infinity all are alike. Nodes take their rows one after the other, each row once: the last ones take what is left.
     *
     * @param alpha over 0
     * @param label the column of the classes
     */
    record Dirichlet(double alpha, String label) implements Partition {
        public Dirichlet {
            if (!(alpha > 0) || Double.isInfinite(alpha)) {
                throw new IllegalArgumentException("dirichlet's ALPHA is a number over 0, not " + alpha
                        + "; 0.1 makes nodes very unlike, 100 nearly alike");
            }
        }
    }

    /**
     * Rows are sorted by label and cut into shards of one size, of which each node is given some at random (McMahan et al.
     * 2017, "Communication-Efficient Learning of Deep Networks from Decentralized Data", with 2 a node).
     *
     * @param each shards a node, at least 1
     * @param label the column by which rows are sorted
     */
    record Shards(int each, String label) implements Partition {
        public Shards {
            if (each < 1) {
                throw new IllegalArgumentException("shards' N is how many shards a node gets, at least 1, not " + each);
            }
        }
    }

    /** A node for each value of a column, named after it: the hospital, the scanner, the country. */
    record By(String column) implements Partition {}

    static Partition iid() {
        return new Iid();
    }

    static Partition dirichlet(double alpha, String label) {
        return new Dirichlet(alpha, label);
    }

    static Partition shards(int each, String label) {
        return new Shards(each, label);
    }

    static Partition by(String column) {
        return new By(column);
    }

    /**
     * Reads {@code iid}, {@code dirichlet:0.3}, {@code shards:2} or {@code by:hospital}.
     *
     * @param label the column of the classes, for those that need one
     * @throws IllegalArgumentException saying what is known
     */
    static Partition parse(String text, String label) {
        int colon = text.indexOf(':');
        var name = (colon < 0 ? text : text.substring(0, colon)).strip().toLowerCase(Locale.ROOT);
        var argument = colon < 0 ? "" : text.substring(colon + 1).strip();
        if (List.of("dirichlet", "shards", "by").contains(name) && argument.isEmpty()) {
            throw new IllegalArgumentException("the split '" + Text.shown(text) + "' is not complete; " + KNOWN);
        }
        try {
            return switch (name) {
                case "iid" -> {
                    if (colon >= 0) {
                        throw new IllegalArgumentException(
                                "the split iid takes nothing, not '" + Text.shown(argument) + "'; " + KNOWN);
                    }
                    yield iid();
                }
                case "dirichlet" -> dirichlet(Double.parseDouble(argument), label);
                case "shards" -> shards(Integer.parseInt(argument), label);
                case "by" -> by(argument);
                default -> throw new IllegalArgumentException("there is no split '" + Text.shown(text) + "'; " + KNOWN);
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "the split '" + Text.shown(text) + "' has no number after the colon; " + KNOWN, e);
        }
    }
}
