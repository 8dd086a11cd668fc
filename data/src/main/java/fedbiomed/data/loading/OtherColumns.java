package fedbiomed.data.loading;

/** What becomes of the columns that a loading plan does not name. */
public enum OtherColumns {
    /** They take part under their own names. */
    KEPT,
    /** Researchers neither see nor read them. */
    HIDDEN
}
