package fedbiomed.training;

import fedbiomed.data.preprocessing.InputColumn;
import fedbiomed.data.preprocessing.InputPipeline;
import fedbiomed.data.transform.Transform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a plan's {@code data} hook said, checked: columns of a table, or arrays.
 *
 * @param table a table's inputs and how they are prepared; {@code null} for arrays
 * @param arrays the inputs that are arrays; none for a table
 * @param targets what is to be predicted: of a table one column; of arrays any number, none for an auto-encoder
 * @param classes in the model's order, of a sample (classification) or of its elements (segmentation); else empty
 * @param regression whether the (first) target is one value a sample, tested as such
 * @param segmentation whether the first target is a mask: an array that holds a class's index for each element
 * @param targetSteps what is done to each sample of a target that is an array, by its name
 * @param splitBy column whose equal values are held out together or not at all; {@code null}: each row for itself
 * @param stratified whether of each class its share is held out
 * @param event column that says whether the target, a survival time, ended with the event; {@code null}: no survival
 */
public record DataDeclaration(
        @Nullable InputPipeline table,
        List<ArrayInput> arrays,
        List<String> targets,
        List<String> classes,
        boolean regression,
        boolean segmentation,
        @Nullable String event,
        Map<String, List<Transform>> targetSteps,
        @Nullable String splitBy,
        boolean stratified) {
    /** More classes than these make test results (a count for each pair of classes) too large to send. */
    public static final int MAX_CLASSES = 256;

    /** A plan with more inputs than this is a mistake; a message names each of them. */
    public static final int MAX_INPUTS = 10_000;

    public DataDeclaration {
        arrays = List.copyOf(arrays);
        targets = List.copyOf(targets);
        classes = List.copyOf(classes);
        targetSteps = Map.copyOf(targetSteps);
    }

    public boolean isClassification() {
        return !classes.isEmpty() && !segmentation;
    }

    public boolean isSurvival() {
        return event != null;
    }

    public boolean isTable() {
        return table != null;
    }

    public List<String> inputs() {
        return table != null
                ? table.inputs()
                : arrays.stream().map(ArrayInput::name).toList();
    }

    /** How a table's inputs are prepared. */
    public InputPipeline pipeline() {
        return Objects.requireNonNull(table, "arrays have no pipeline of columns");
    }

    /** How many features a model of a table gets. */
    public int width() {
        return pipeline().width();
    }

    /** The inputs that must hold numbers: all but columns of categories. */
    public List<String> numbers() {
        return table == null
                ? inputs()
                : table.columns().stream()
                        .filter(column -> !column.isCategorical())
                        .map(InputColumn::name)
                        .toList();
    }

    /** Columns whose moments the nodes must combine before the first round. */
    public List<String> federated() {
        return table == null ? List.of() : table.federated();
    }

    /** The first target, whose classes or values are tested; empty where there is none. */
    public String target() {
        return targets.isEmpty() ? "" : targets.getFirst();
    }

    /** Whatever is read of the dataset: the inputs, the targets and the column that rows are split by. */
    public List<String> columns() {
        var columns = new ArrayList<>(inputs());
        columns.addAll(targets);
        if (event != null) {
            columns.add(event);
        }
        if (splitBy != null && !columns.contains(splitBy)) {
            columns.add(splitBy);
        }
        return columns;
    }
}
