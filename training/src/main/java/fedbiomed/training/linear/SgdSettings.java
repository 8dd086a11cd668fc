package fedbiomed.training.linear;

/**
 * How linear models are optimised; names and meaning are scikit-learn's.
 *
 * @param alpha weight of the penalty
 * @param l1Ratio part of the penalty that is L1: 0 for {@link Penalty#L2}, 1 for {@link Penalty#L1}
 * @param eta0 step size
 * @param powerT exponent of {@code invscaling}
 * @param tol by how much an epoch's mean objective must improve on the best for {@code adaptive}
 * @param patience {@code n_iter_no_change}: so many epochs without improvement, and {@code adaptive} steps down
 * @param averageFrom the step of the round from which on the weights are averaged; 0: they are not
 */
record SgdSettings(
        Penalty penalty,
        double alpha,
        double l1Ratio,
        boolean fitIntercept,
        LearningRate schedule,
        double eta0,
        double powerT,
        double tol,
        int patience,
        int averageFrom) {
    /** Weight of the L1 part. */
    double l1() {
        return penalty == Penalty.NONE ? 0 : alpha * l1Ratio;
    }

    /** Weight of the L2 part. */
    double l2() {
        return penalty == Penalty.NONE ? 0 : alpha * (1 - l1Ratio);
    }
}
