package fedbiomed.training.linear;

/** What keeps the coefficients (never the intercept) small. */
enum Penalty {
    NONE,
    /** alpha |w|^2 / 2, by shrinking the weights at each step. */
    L2,
    /** alpha |w|_1, by the truncated gradient with cumulative penalty (Tsuruoka, Tsujii, Ananiadou, ACL 2009). */
    L1,
    /** Both, {@code l1_ratio} of it L1. */
    ELASTICNET
}
