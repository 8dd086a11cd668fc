package fedbiomed.data.loading;

/** What becomes of a value that a recoding does not name. */
public enum OtherValues {
    KEPT,
    /** The dataset is not fit. */
    REFUSED
}
