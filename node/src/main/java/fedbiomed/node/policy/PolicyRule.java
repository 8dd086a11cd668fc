package fedbiomed.node.policy;

import java.util.Locale;

/** What can refuse a request. Each but the last is a key of {@code policy.yaml}, and is named as it in refusals. */
public enum PolicyRule {
    /** Whom the node works for. */
    RESEARCHERS,
    /** Whom a dataset is for. */
    DATASETS,
    QUIET_HOURS,
    ROUNDS_A_DAY,
    HOURS_A_DAY,
    MINIMUM_SAMPLES,
    METRICS_LEAVE,
    STATISTICS_LEAVE,
    /** The file cannot be read: nothing is allowed. */
    POLICY_FILE;

    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
