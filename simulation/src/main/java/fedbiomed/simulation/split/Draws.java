package fedbiomed.simulation.split;

import fedbiomed.data.SplitMix64;

/** What splits draw, the same on every machine: from SplitMix64, with {@link StrictMath}. */
final class Draws {
    private final SplitMix64 random;

    Draws(long seed) {
        random = new SplitMix64(seed);
    }

    /** Fisher-Yates. */
    void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.next(i + 1);
            int kept = values[i];
            values[i] = values[j];
            values[j] = kept;
        }
    }

    /**
     * Shares that sum to 1, from a Dirichlet distribution. In logarithms: with parameters of 0.001 the gamma variables
     * themselves are all 0.
     *
     * @param parameters 0 where a share is to be 0
     */
    double[] dirichlet(double[] parameters) {
        var shares = new double[parameters.length];
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < shares.length; i++) {
            shares[i] = parameters[i] > 0 ? logGamma(parameters[i]) : Double.NEGATIVE_INFINITY;
            most = Math.max(most, shares[i]);
        }
        double sum = 0;
        for (int i = 0; i < shares.length; i++) {
            shares[i] = StrictMath.exp(shares[i] - most);
            sum += shares[i];
        }
        for (int i = 0; i < shares.length; i++) {
            shares[i] /= sum;
        }
        return shares;
    }

    /** Logarithm of a gamma variable of that shape (Marsaglia and Tsang 2000; below 1 by their remark of section 6). */
    private double logGamma(double shape) {
        if (shape < 1) {
            return logGamma(shape + 1) + StrictMath.log(1 - random.nextDouble()) / shape;
        }
        double d = shape - 1.0 / 3;
        double c = 1 / StrictMath.sqrt(9 * d);
        while (true) {
            double x = normal();
            double v = 1 + c * x;
            if (v > 0) {
                v = v * v * v;
                double logOfUniform = StrictMath.log(1 - random.nextDouble());
                if (logOfUniform < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
                    return StrictMath.log(d) + StrictMath.log(v);
                }
            }
        }
    }

    /** Box and Muller. */
    private double normal() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    }

    /** An index with a probability in proportion to its weight; -1 if all are 0. */
    int index(double[] weights) {
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        if (!(sum > 0)) {
            return -1;
        }
        double left = random.nextDouble() * sum;
        int last = -1;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                last = i;
                left -= weights[i];
                if (left < 0) {
                    return i;
                }
            }
        }
        return last;
    }
}
