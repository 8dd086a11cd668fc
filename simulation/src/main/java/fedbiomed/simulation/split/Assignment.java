package fedbiomed.simulation.split;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Which node each row goes to: an index from 0 for each row. */
final class Assignment {
    private Assignment() {}

    static int[] iid(int rows, int nodes, Draws draws) {
        var order = shuffled(rows, draws);
        var node = new int[rows];
        for (int i = 0; i < rows; i++) {
            node[order[i]] = i % nodes;
        }
        return node;
    }

    /** One node after the other, as in the paper: were rows taken in turn, a class that several want would be used up by all. */
    static int[] dirichlet(String[] labels, int nodes, double alpha, Draws draws) {
        var classes = byLabel(labels, shuffled(labels.length, draws));
        var parameters = new double[classes.size()];
        for (int c = 0; c < parameters.length; c++) {
            parameters[c] = alpha * classes.get(c).size() / labels.length;
        }
        var taken = new int[parameters.length];
        var node = new int[labels.length];
        for (int n = 0; n < nodes; n++) {
            var shares = draws.dirichlet(parameters);
            // sizes differ by one row at most
            int rows = labels.length / nodes + (n < labels.length % nodes ? 1 : 0);
            for (int i = 0; i < rows; i++) {
                int c = drawnClass(shares, classes, taken, draws);
                node[classes.get(c).get(taken[c]++)] = n;
            }
        }
        return node;
    }

    /** A class that has rows left: by the node's shares, or, where these are of classes that are used up, by what is left. */
    private static int drawnClass(double[] shares, List<List<Integer>> classes, int[] taken, Draws draws) {
        var weights = new double[shares.length];
        for (int c = 0; c < weights.length; c++) {
            weights[c] = taken[c] < classes.get(c).size() ? shares[c] : 0;
        }
        int drawn = draws.index(weights);
        if (drawn >= 0) {
            return drawn;
        }
        for (int c = 0; c < weights.length; c++) {
            weights[c] = classes.get(c).size() - taken[c];
        }
        return draws.index(weights);
    }

    private static List<List<Integer>> byLabel(String[] labels, int[] order) {
        var classes = new TreeMap<String, List<Integer>>();
        for (int row : order) {
            classes.computeIfAbsent(labels[row], _ -> new ArrayList<>()).add(row);
        }
        return List.copyOf(classes.values());
    }

    static int[] shards(String[] labels, int nodes, int each, Draws draws) {
        var sorted = new Integer[labels.length];
        Arrays.setAll(sorted, i -> i);
        // stable: rows of one label stay in their order
        Arrays.sort(sorted, byValue(labels));
        int shards = nodes * each;
        var order = shuffled(shards, draws);
        var node = new int[labels.length];
        for (int shard = 0; shard < shards; shard++) {
            int from = (int) ((long) labels.length * shard / shards);
            int to = (int) ((long) labels.length * (shard + 1) / shards);
            for (int i = from; i < to; i++) {
                node[sorted[i]] = order[shard] % nodes;
            }
        }
        return node;
    }

    /** As numbers where all are. */
    private static Comparator<Integer> byValue(String[] labels) {
        var numbers = new double[labels.length];
        try {
            Arrays.setAll(numbers, i -> Double.parseDouble(labels[i]));
        } catch (NumberFormatException _) {
            return Comparator.comparing(i -> labels[i]);
        }
        return Comparator.comparingDouble(i -> numbers[i]);
    }

    private static int[] shuffled(int count, Draws draws) {
        var order = new int[count];
        Arrays.setAll(order, i -> i);
        draws.shuffle(order);
        return order;
    }
}
