package fedbiomed.vocabulary;

/**
 * What standardisation and mean imputation need to know of a column, summable over nodes: over a node's training rows,
 * how many have a value, how many have none, and the values' sum and sum of squares (binary64).
 */
public record ColumnMoments(long count, long missing, double sum, double sumOfSquares) {
    public static final ColumnMoments NONE = new ColumnMoments(0, 0, 0, 0);

    public ColumnMoments plus(ColumnMoments other) {
        return new ColumnMoments(
                count + other.count, missing + other.missing, sum + other.sum, sumOfSquares + other.sumOfSquares);
    }

    public double mean() {
        return count == 0 ? 0 : sum / count;
    }

    /** Population variance (divisor: the count) of the values that are there, as scikit-learn's StandardScaler. */
    public double variance() {
        return count == 0 ? 0 : Math.max(0, sumOfSquares / count - mean() * mean());
    }
}
