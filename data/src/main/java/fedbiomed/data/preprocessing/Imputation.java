package fedbiomed.data.preprocessing;

/** What takes the place of a missing input value. */
public enum Imputation {
    /** Nothing: a missing value is an error. */
    NONE,
    /** The mean of the values that are there. */
    MEAN,
    /** Their median, the mean of the two middle ones if they are even in number. Local statistics only. */
    MEDIAN,
    /** The most frequent, the smallest of those if there are several. Local statistics only. */
    MOST_FREQUENT,
    /** A constant that the plan names. */
    CONSTANT
}
