package fedbiomed.training.linear;

import java.util.List;

/**
 * What a linear model minimises, the penalty apart.
 *
 * @param epsilon where {@code huber} turns straight and the insensitive losses begin
 * @param multinomial of more than two classes: all models at once, by the softmax of their outputs; else each by itself
 * @param classWeights by class in the plan's order; empty: 1 each
 */
record LinearObjective(LinearLoss loss, double epsilon, boolean multinomial, List<Double> classWeights) {
    LinearObjective {
        classWeights = List.copyOf(classWeights);
    }

    /** Of a row of class {@code target}. */
    double weight(int target) {
        return classWeights.isEmpty() ? 1 : classWeights.get(target);
    }

    double value(double p, double y) {
        return loss.value(p, y, epsilon);
    }

    /** Not cut off at 1e12 as in scikit-learn: training that has gone so far shall overflow, and be told as diverged. */
    double slope(double p, double y) {
        return loss.slope(p, y, epsilon);
    }
}
