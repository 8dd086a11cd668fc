package fedbiomed.training;

import fedbiomed.training.metrics.MetricChoice;
import fedbiomed.vocabulary.DataForm;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.List;
import java.util.Set;

/**
 * What a plan asks of a dataset, known without data, so that both sides can compare it before anything runs.
 *
 * @param form how it reads the dataset
 * @param task {@code classification}, {@code regression}, {@code survival}, {@code segmentation}, or {@code custom}: tested by the plan's own
 *     metrics
 * @param inputs columns, or arrays
 * @param numbers those of the inputs that must hold numbers; the others are columns of categories
 * @param target column or array to be predicted, for survival the time; empty where there is none
 * @param columns every column or array that is read
 * @param classes of the target as written in the table, or of a mask by index; empty for anything but classification and segmentation
 * @param metrics names of the plan's own metrics, for the task {@code custom}
 * @param probabilistic whether a classification's scores are probabilities
 * @param untrained tensors of the model that no gradient changes at the nodes, or not that of all: running means of batch
 *     normalisation, frozen and local parts
 * @param federated columns whose moments the nodes must combine before round 1
 */
public record PlanRequirements(
        DataForm form,
        String task,
        List<String> inputs,
        List<String> numbers,
        String target,
        List<String> columns,
        List<String> classes,
        List<String> metrics,
        boolean probabilistic,
        Set<String> untrained,
        List<String> federated) {
    public PlanRequirements {
        inputs = List.copyOf(inputs);
        numbers = List.copyOf(numbers);
        untrained = Set.copyOf(untrained);
        federated = List.copyOf(federated);
        columns = List.copyOf(columns);
        classes = List.copyOf(classes);
        metrics = List.copyOf(metrics);
    }

    /** Whether the nodes' moments must be combined before round 1. */
    public boolean needsFederatedStatistics() {
        return !federated.isEmpty();
    }

    /**
     * Which metrics of this plan {@code test_metric} and {@code test_metric_args} choose.
     *
     * @throws FedbiomedException {@code BAD_MESSAGE} naming what the plan does not have, and what it has
     */
    public MetricChoice chosenMetrics(TrainingArgs args) {
        return MetricChoice.checked(args.testMetric(), args.testMetricArgs(), task, classes, probabilistic, metrics);
    }
}
