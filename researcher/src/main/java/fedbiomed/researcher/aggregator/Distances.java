package fedbiomed.researcher.aggregator;

/** How far updates lie from each other and from where they began, over all floating tensors. */
final class Distances {
    private Distances() {}

    /** Squared Euclidean distances {@code [updates][updates]}. */
    static double[][] betweenUpdates(AggregationRound round) {
        int n = round.updates().size();
        var upper = round.sums(n * (n - 1) / 2, (sums, view) -> {
            int pair = 0;
            for (int a = 0; a < n; a++) {
                for (int b = a + 1; b < n; b++) {
                    sums[pair++] += square(view.update(a), view.update(b), view.size());
                }
            }
        });
        var distances = new double[n][n];
        int pair = 0;
        for (int a = 0; a < n; a++) {
            for (int b = a + 1; b < n; b++) {
                distances[a][b] = upper[pair];
                distances[b][a] = upper[pair++];
            }
        }
        return distances;
    }

    /** Euclidean norms of the changes, {@code ||y_i - x||}. */
    static double[] fromGlobal(AggregationRound round) {
        int n = round.updates().size();
        var norms = round.sums(n, (sums, view) -> {
            for (int u = 0; u < n; u++) {
                sums[u] += square(view.update(u), view.global(), view.size());
            }
        });
        for (int u = 0; u < n; u++) {
            norms[u] = Math.sqrt(norms[u]);
        }
        return norms;
    }

    private static double square(double[] a, double[] b, int size) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            double difference = a[i] - b[i];
            sum += difference * difference;
        }
        return sum;
    }
}
