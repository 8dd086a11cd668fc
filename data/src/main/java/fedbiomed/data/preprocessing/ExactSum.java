package fedbiomed.data.preprocessing;

/**
 * A sum in twice the precision of binary64 (Dekker 1971; Ogita, Rump and Oishi 2005, "Accurate sum and dot product"):
 * the variance is the small difference of two large sums, which a plain sum over a million rows would drown in rounding.
 */
final class ExactSum {
    private double high;
    private double low;

    void add(double value) {
        double sum = high + value;
        double part = sum - high;
        low += (high - (sum - part)) + (value - part);
        high = sum;
    }

    /** Adds {@code value * value}, with the part that rounding cuts off the product. */
    void addSquare(double value) {
        double square = value * value;
        add(square);
        low += Math.fma(value, value, -square);
    }

    double value() {
        return high + low;
    }
}
