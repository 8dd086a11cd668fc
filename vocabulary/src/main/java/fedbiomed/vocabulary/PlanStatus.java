package fedbiomed.vocabulary;

/** Where a training plan stands at a node. Only an {@link #APPROVED} plan runs. */
public enum PlanStatus {
    /** The node has never been sent the plan. */
    UNKNOWN,
    /** Stored, and waiting for the data manager. */
    PENDING,
    APPROVED,
    REJECTED
}
