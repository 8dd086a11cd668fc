package fedbiomed.node.policy;

import java.time.Duration;

/**
 * What one researcher has had of this node today, by the node's local day.
 *
 * @param rounds trainings and tests that were begun, on all datasets
 * @param worked time that workers were at work, on all datasets
 * @param roundsOnDataset of {@code rounds}, those on the dataset in question
 * @param workedOnDataset of {@code worked}, that on the dataset in question
 */
public record Usage(long rounds, Duration worked, long roundsOnDataset, Duration workedOnDataset) {
    public static final Usage NONE = new Usage(0, Duration.ZERO, 0, Duration.ZERO);
}
