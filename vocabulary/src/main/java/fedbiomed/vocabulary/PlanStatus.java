package fedbiomed.vocabulary;

import java.util.Locale;

/** Where a training plan stands at a node. Only an {@link #APPROVED} plan runs. */
public enum PlanStatus {
    /** The node has never been sent the plan. */
    UNKNOWN,
    /** Stored, and waiting for the data manager. */
    PENDING,
    APPROVED,
    REJECTED;

    /** As people read it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
