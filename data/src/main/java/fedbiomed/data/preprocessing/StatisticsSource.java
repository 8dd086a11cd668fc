package fedbiomed.data.preprocessing;

/** Whose statistics standardise and impute. */
public enum StatisticsSource {
    /** All nodes' training rows together, combined before the first round. */
    FEDERATED,
    /** Each node's own training rows. */
    LOCAL,
    /** Constants that the plan names. */
    GIVEN
}
