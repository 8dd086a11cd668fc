package fedbiomed.training.linear;

import java.util.List;

/**
 * What a linear model minimises, the penalty apart.
 *
 * @param epsilon where {@code huber} turns straight and the insensitive losses begin
 * @param classWeights by class in the plan's order; empty: 1 each
 */
record LinearObjective(LinearLoss loss, double epsilon, List<Double> classWeights) {
    LinearObjective {
        classWeights = List.copyOf(classWeights);
    }

    double value(double p, double y) {
        return loss.value(p, y, epsilon);
    }

    /** Not cut off at 1e12 as in scikit-learn: training that has gone so far shall overflow, and be told as diverged. */
    double slope(double p, double y) {
        return loss.slope(p, y, epsilon);
    }
}
