package fedbiomed.training;

import java.util.List;

/**
 * What a plan asks of a dataset, known without data, so that both sides can compare it before anything runs.
 *
 * @param task {@code classification} or {@code regression}
 * @param inputs numeric columns
 * @param target column to be predicted
 * @param classes of the target as written in the table; empty for regression
 * @param needsFederatedStatistics whether the nodes' moments must be combined before round 1
 */
public record PlanRequirements(
        String task, List<String> inputs, String target, List<String> classes, boolean needsFederatedStatistics) {
    public PlanRequirements {
        inputs = List.copyOf(inputs);
        classes = List.copyOf(classes);
    }
}
