package fedbiomed.training;

import fedbiomed.data.DatasetKinds;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a plan asks of a dataset, known without data, so that both sides can compare it before anything runs.
 *
 * @param kind the dataset's, {@code csv} or {@code tensors}
 * @param task {@code classification}, {@code regression}, or {@code custom}: tested by the plan's own metrics
 * @param inputs numeric columns, or arrays
 * @param target column or array to be predicted; empty where there is none
 * @param columns every column or array that is read
 * @param classes of the target as written in the table; empty for anything but classification
 * @param metrics names of the plan's own metrics, for the task {@code custom}
 * @param needsFederatedStatistics whether the nodes' moments must be combined before round 1
 */
public record PlanRequirements(
        String kind,
        String task,
        List<String> inputs,
        String target,
        List<String> columns,
        List<String> classes,
        List<String> metrics,
        boolean needsFederatedStatistics) {
    public PlanRequirements {
        inputs = List.copyOf(inputs);
        columns = List.copyOf(columns);
        classes = List.copyOf(classes);
        metrics = List.copyOf(metrics);
    }

    /** Of a table. */
    public PlanRequirements(
            String task, List<String> inputs, String target, List<String> classes, boolean needsFederatedStatistics) {
        this(
                DatasetKinds.CSV,
                task,
                inputs,
                target,
                Stream.concat(inputs.stream(), Stream.of(target)).toList(),
                classes,
                List.of(),
                needsFederatedStatistics);
    }
}
