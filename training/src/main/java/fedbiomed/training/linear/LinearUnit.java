package fedbiomed.training.linear;

import fedbiomed.training.Samples;

/**
 * One linear model in binary64, and what its steps in a round leave behind. A step is scikit-learn's: shrink by the L2 penalty, go down the gradient, cut by the L1 penalty.
 */
final class LinearUnit {
    private final SgdSettings settings;
    private final StepSize stepSize;
    private final double[] weights;
    private double intercept;
    /** L1 penalty that each weight could have had, and what it had in fact (Tsuruoka's u and q). */
    private double due;

    private final double[] paid;
    /** Mean of what the steps from {@code averageFrom} on gave. */
    private final double[] averageWeights;

    private double averageIntercept;
    private long averaged;
    private long roundSteps;
    private double objective;
    private long steps;

    LinearUnit(int width, SgdSettings settings) {
        this.settings = settings;
        this.stepSize = new StepSize(settings);
        this.weights = new double[width];
        this.paid = new double[width];
        this.averageWeights = new double[width];
    }

    void load(double[] coef, int from, double newIntercept) {
        System.arraycopy(coef, from, weights, 0, weights.length);
        intercept = newIntercept;
        averaged = 0;
    }

    void store(double[] coef, int from) {
        System.arraycopy(learntWeights(), 0, coef, from, weights.length);
    }

    /** Of which the next gradient is. */
    void storeCurrent(double[] coef, int from) {
        System.arraycopy(weights, 0, coef, from, weights.length);
    }

    double currentIntercept() {
        return intercept;
    }

    double intercept() {
        return averaged > 0 ? averageIntercept : intercept;
    }

    private double[] learntWeights() {
        return averaged > 0 ? averageWeights : weights;
    }

    double norm() {
        double sum = 0;
        for (double weight : learntWeights()) {
            sum += weight * weight;
        }
        return Math.sqrt(sum);
    }

    /** Of the weights that the next step starts from. */
    double output(Samples batch, int row) {
        return output(weights, intercept, batch, row);
    }

    /**
     * As {@link #output}, for the row that begins at {@code from}. Summed up in four parts: one sum
     * would wait for each addition.
     */
    double fastOutput(double[] inputs, int from) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int f = 0;
        for (; f + 3 < weights.length; f += 4) {
            a += weights[f] * inputs[from + f];
            b += weights[f + 1] * inputs[from + f + 1];
            c += weights[f + 2] * inputs[from + f + 2];
            d += weights[f + 3] * inputs[from + f + 3];
        }
        for (; f < weights.length; f++) {
            a += weights[f] * inputs[from + f];
        }
        return intercept + ((a + b) + (c + d));
    }

    /** Of what was learnt: the averaged weights, where there are any. */
    double score(Samples batch, int row) {
        return output(learntWeights(), intercept(), batch, row);
    }

    private static double output(double[] weights, double intercept, Samples batch, int row) {
        double z = intercept;
        for (int f = 0; f < weights.length; f++) {
            z += weights[f] * batch.inputs()[row * weights.length + f];
        }
        return z;
    }

    /**
     * One step.
     *
     * @param gradient {@code [width]} from {@code from}; the penalty comes on top
     * @param interceptGradient without effect where no intercept is fitted
     * @param loss of the batch before the step, without the penalty
     */
    void step(double[] gradient, int from, double interceptGradient, double loss) {
        objective += loss + penalty();
        steps++;
        double rate = stepSize.next();
        descend(Math.max(0, 1 - rate * settings.l2()), rate, gradient, from);
        if (settings.fitIntercept()) {
            intercept -= rate * interceptGradient;
        }
        if (settings.l1() > 0) {
            truncate(rate * settings.l1());
        }
        roundSteps++;
        if (settings.averageFrom() > 0 && roundSteps >= settings.averageFrom()) {
            average();
        }
    }

    /** In a method of its own, which the JVM makes vector instructions of. */
    private void descend(double kept, double rate, double[] gradient, int from) {
        var w = weights;
        for (int f = 0; f < w.length; f++) {
            w[f] = w[f] * kept - rate * gradient[from + f];
        }
    }

    private void average() {
        averaged++;
        for (int f = 0; f < weights.length; f++) {
            averageWeights[f] += (weights[f] - averageWeights[f]) / averaged;
        }
        averageIntercept += (intercept - averageIntercept) / averaged;
    }

    /** As much of the penalty that is due by now as does not carry a weight across zero. */
    private void truncate(double penalty) {
        due += penalty;
        for (int f = 0; f < weights.length; f++) {
            double before = weights[f];
            if (before > 0) {
                weights[f] = Math.max(0, before - (due + paid[f]));
            } else if (before < 0) {
                weights[f] = Math.min(0, before + (due - paid[f]));
            }
            paid[f] += weights[f] - before;
        }
    }

    private double penalty() {
        if (settings.schedule() != LearningRate.ADAPTIVE || settings.penalty() == Penalty.NONE) {
            return 0;
        }
        double sum = 0;
        for (double weight : weights) {
            sum += settings.l2() * weight * weight / 2 + settings.l1() * Math.abs(weight);
        }
        return sum;
    }

    /** Of the last step; before the first, of that. */
    double learningRate() {
        return stepSize.last();
    }

    void epochEnded() {
        if (steps > 0) {
            stepSize.epochEnded(objective / steps);
        }
        objective = 0;
        steps = 0;
    }
}
