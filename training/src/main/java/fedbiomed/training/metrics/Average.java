package fedbiomed.training.metrics;

/** How figures of single classes become one, as scikit-learn's {@code average}. */
enum Average {
    /** Of one class of two, {@code pos_label}. */
    BINARY,
    /** From the counts of all classes together. */
    MICRO,
    /** The mean over the classes that occur. */
    MACRO,
    /** The mean over the classes, weighted by their rows. */
    WEIGHTED,
    /** One figure a class. */
    NONE
}
