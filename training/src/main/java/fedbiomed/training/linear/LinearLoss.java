package fedbiomed.training.linear;

/** What a linear model's output z is measured by, against a target y; value and derivative in z. */
enum LinearLoss {
    /** ln(1 + e^-z) for y = 1, ln(1 + e^z) for y = 0. */
    LOG {
        @Override
        double value(double z, double y) {
            double m = y > 0 ? -z : z;
            return m > 0 ? m + Math.log1p(Math.exp(-m)) : Math.log1p(Math.exp(m));
        }

        @Override
        double slope(double z, double y) {
            return sigmoid(z) - y;
        }
    },
    /** (z - y)^2 / 2. */
    SQUARED_ERROR {
        @Override
        double value(double z, double y) {
            return (z - y) * (z - y) / 2;
        }

        @Override
        double slope(double z, double y) {
            return z - y;
        }
    };

    abstract double value(double z, double y);

    abstract double slope(double z, double y);

    static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
