package fedbiomed.training.linear;

/** How the step size goes; {@code t} counts the steps of a round from 1: nothing of the schedule stays at a node. */
enum LearningRate {
    /** {@code eta0}. */
    CONSTANT,
    /** {@code 1 / (alpha (t0 + t - 1))} by L. Bottou's heuristic: the first step's size is that of a typical weight. */
    OPTIMAL,
    /** {@code eta0 / t^power_t}. */
    INVSCALING,
    /** {@code eta0}, divided by 5 whenever the epochs stop getting better by {@code tol}. */
    ADAPTIVE
}
