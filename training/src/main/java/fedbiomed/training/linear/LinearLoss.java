package fedbiomed.training.linear;

/**
 * What a linear model's output p is measured by, against a target y: value, and derivative in p. Classifiers have y = 1
 * for the class that the model knows and -1 for the others; definitions are scikit-learn's.
 */
enum LinearLoss {
    /** max(0, 1 - py). */
    HINGE(true) {
        @Override
        double value(double p, double y, double epsilon) {
            return Math.max(0, 1 - p * y);
        }

        @Override
        double slope(double p, double y, double epsilon) {
            return p * y <= 1 ? -y : 0;
        }
    },
    /** max(0, -py). */
    PERCEPTRON(true) {
        @Override
        double value(double p, double y, double epsilon) {
            return Math.max(0, -p * y);
        }

        @Override
        double slope(double p, double y, double epsilon) {
            return p * y <= 0 ? -y : 0;
        }
    },
    /** max(0, 1 - py)^2. */
    SQUARED_HINGE(true) {
        @Override
        double value(double p, double y, double epsilon) {
            double short1 = Math.max(0, 1 - p * y);
            return short1 * short1;
        }

        @Override
        double slope(double p, double y, double epsilon) {
            return -2 * y * Math.max(0, 1 - p * y);
        }
    },
    /** max(0, 1 - py)^2, going on as the straight line -4py below py = -1 (T. Zhang, ICML 2004). */
    MODIFIED_HUBER(true) {
        @Override
        double value(double p, double y, double epsilon) {
            double z = p * y;
            double short1 = Math.max(0, 1 - z);
            return z >= -1 ? short1 * short1 : -4 * z;
        }

        @Override
        double slope(double p, double y, double epsilon) {
            double z = p * y;
            return z >= -1 ? -2 * y * Math.max(0, 1 - z) : -4 * y;
        }
    },
    /** ln(1 + e^-py). */
    LOG_LOSS(true) {
        @Override
        double value(double p, double y, double epsilon) {
            double m = -p * y;
            return Math.max(0, m) + log1p(Math.exp(-Math.abs(m)));
        }

        @Override
        double slope(double p, double y, double epsilon) {
            return -y * sigmoid(-p * y);
        }
    },
    /** (p - y)^2 / 2. */
    SQUARED_ERROR(false) {
        @Override
        double value(double p, double y, double epsilon) {
            return (p - y) * (p - y) / 2;
        }

        @Override
        double slope(double p, double y, double epsilon) {
            return p - y;
        }
    },
    /** (p - y)^2 / 2 where |p - y| is at most epsilon, beyond that the straight line of the same slope. */
    HUBER(false) {
        @Override
        double value(double p, double y, double epsilon) {
            double error = Math.abs(p - y);
            return error <= epsilon ? error * error / 2 : epsilon * error - epsilon * epsilon / 2;
        }

        @Override
        double slope(double p, double y, double epsilon) {
            return Math.clamp(p - y, -epsilon, epsilon);
        }
    },
    /** max(0, |p - y| - epsilon). */
    EPSILON_INSENSITIVE(false) {
        @Override
        double value(double p, double y, double epsilon) {
            return Math.max(0, Math.abs(p - y) - epsilon);
        }

        @Override
        double slope(double p, double y, double epsilon) {
            return Math.abs(p - y) > epsilon ? Math.signum(p - y) : 0;
        }
    },
    /** max(0, |p - y| - epsilon)^2. */
    SQUARED_EPSILON_INSENSITIVE(false) {
        @Override
        double value(double p, double y, double epsilon) {
            double beyond = Math.max(0, Math.abs(p - y) - epsilon);
            return beyond * beyond;
        }

        @Override
        double slope(double p, double y, double epsilon) {
            return 2 * Math.signum(p - y) * Math.max(0, Math.abs(p - y) - epsilon);
        }
    };

    private final boolean ofClasses;

    LinearLoss(boolean ofClasses) {
        this.ofClasses = ofClasses;
    }

    /** Whether it only makes sense for y of 1 and -1; the others serve regressors and, as in scikit-learn, classifiers. */
    boolean isOfClasses() {
        return ofClasses;
    }

    /** Whether outputs can be read as probabilities. */
    boolean isProbabilistic() {
        return this == LOG_LOSS || this == MODIFIED_HUBER;
    }

    abstract double value(double p, double y, double epsilon);

    abstract double slope(double p, double y, double epsilon);

    /**
     * ln(1 + x) for x from 0 to 1, by the JVM's own logarithm, which {@link Math#log1p} is not: to a few units in the last
     * place (Goldberg, "What every computer scientist should know about floating-point arithmetic", 1991, theorem 4).
     */
    static double log1p(double x) {
        double sum = 1 + x;
        return sum == 1 ? x : x * Math.log(sum) / (sum - 1);
    }

    static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
