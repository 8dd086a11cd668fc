package fedbiomed.training;

import fedbiomed.data.preprocessing.Imputation;
import fedbiomed.data.preprocessing.InputPipeline;
import fedbiomed.data.preprocessing.StatisticsSource;
import fedbiomed.data.tensors.TensorFile;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.LongStream;
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
 * @param event column that says whether the target, a survival time, ended with the event; {@code null}: no survival
 */
public record DataDeclaration(
        @Nullable InputPipeline table,
        List<ArrayInput> arrays,
        List<String> targets,
        List<String> classes,
        boolean regression,
        boolean segmentation,
        @Nullable String event) {
    /** More classes than these make test results (a count for each pair of classes) too large to send. */
    public static final int MAX_CLASSES = 256;

    /** A plan with more inputs than this is a mistake; a message names each of them. */
    public static final int MAX_INPUTS = 10_000;

    public DataDeclaration {
        arrays = List.copyOf(arrays);
        targets = List.copyOf(targets);
        classes = List.copyOf(classes);
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

    public boolean needsFederatedStatistics() {
        return table != null && table.needsFederatedStatistics();
    }

    /** The first target, whose classes or values are tested; empty where there is none. */
    public String target() {
        return targets.isEmpty() ? "" : targets.getFirst();
    }

    /** The inputs and the targets. */
    public List<String> columns() {
        var columns = new ArrayList<>(inputs());
        columns.addAll(targets);
        if (event != null) {
            columns.add(event);
        }
        return columns;
    }

    static final class Builder {
        private final boolean ofArrays;
        private List<String> inputs = List.of();
        private final List<ArrayInput> arrays = new ArrayList<>();
        private Imputation imputation = Imputation.NONE;
        private double constant = Double.NaN;
        private boolean standardise;
        private @Nullable StatisticsSource imputedFrom;
        private @Nullable StatisticsSource standardisedFrom;
        private final Map<String, ColumnMoments> given = new TreeMap<>();
        private final List<String> targets = new ArrayList<>();
        private @Nullable List<String> classes;
        private @Nullable String event;
        private boolean regression;
        private boolean segmentation;

        /** @param ofArrays whether the dataset is one of arrays, not a table */
        Builder(boolean ofArrays) {
            this.ofArrays = ofArrays;
        }

        void inputs(String[] columns) {
            inputs = List.of(columns);
        }

        void input(String array, long[] shape) {
            arrays.add(new ArrayInput(array, LongStream.of(shape).boxed().toList()));
        }

        void regression() {
            regression = true;
        }

        void impute(Imputation how, double value, @Nullable StatisticsSource from) {
            imputation = how;
            constant = value;
            imputedFrom = from;
        }

        void standardise(StatisticsSource from) {
            standardise = true;
            standardisedFrom = from;
        }

        void given(String column, double mean, double standardDeviation) {
            given.put(column, new ColumnMoments(1, 0, mean, standardDeviation * standardDeviation + mean * mean));
        }

        void target(String column) {
            targets.add(column);
        }

        void survival(String time, String event) {
            target(time);
            this.event = event;
        }

        void classes(String[] names) {
            classes = List.of(names);
        }

        void segmentation(String[] names) {
            segmentation = true;
            classes = List.of(names);
        }

        /** @throws FedbiomedException {@code PLAN_INVALID} saying what {@code data} lacks or contradicts */
        DataDeclaration build() {
            return ofArrays ? ofArrays() : ofTable();
        }

        private DataDeclaration ofTable() {
            requireThat(arrays.isEmpty(), "names an array of a table; write .inputs(...), or dataset.tensors()");
            requireThat(!segmentation, "declares a segmentation of a table; a mask is an array: dataset.tensors()");
            requireThat(!inputs.isEmpty(), "names no inputs; write e.g. .inputs(\"age\", \"chol\")");
            requireThat(
                    inputs.size() <= MAX_INPUTS,
                    "names " + inputs.size() + " inputs; at most " + MAX_INPUTS + " are allowed");
            requireDistinct("input", inputs);
            requireThat(!targets.isEmpty(), "names no target; write e.g. .target(\"disease\")");
            requireThat(targets.size() == 1, "names " + targets.size() + " targets; a table has one");
            requireTargets(inputs);
            requireClasses();
            requireSurvival(targets.getFirst());
            var source = source();
            requirePreparation(source);
            var pipeline = new InputPipeline(
                    inputs, imputation, Double.isNaN(constant) ? 0 : constant, standardise, source, Map.copyOf(given));
            return new DataDeclaration(
                    pipeline, List.of(), targets, classes == null ? List.of() : classes, classes == null, false, event);
        }

        private DataDeclaration ofArrays() {
            requireThat(
                    inputs.isEmpty() && imputation == Imputation.NONE && !standardise && given.isEmpty(),
                    "names, imputes or standardises columns, which arrays do not have; write .input(\"image\"), and"
                            + " scale in preprocess");
            requireThat(!arrays.isEmpty(), "names no input; write e.g. .input(\"image\")");
            requireThat(
                    arrays.size() + targets.size() <= TensorFile.MAX_ARRAYS,
                    "names " + (arrays.size() + targets.size()) + " arrays; at most " + TensorFile.MAX_ARRAYS
                            + " are allowed");
            var names = arrays.stream().map(ArrayInput::name).toList();
            requireDistinct("input", names);
            requireTargets(names);
            arrays.forEach(array -> requireThat(
                    array.shape().stream().allMatch(size -> size > 0),
                    "gives the input '" + Text.shown(array.name()) + "' the shape " + array.shape()
                            + "; every size is at least 1"));
            requireClasses();
            requireThat(
                    classes == null && !regression || !targets.isEmpty(),
                    "names classes or a regression but no target; write e.g. .target(\"label\")");
            requireThat(classes == null || !regression, "declares classes and a regression; leave one of the two out");
            return new DataDeclaration(
                    null, arrays, targets, classes == null ? List.of() : classes, regression, segmentation, null);
        }

        private void requireTargets(List<String> inputs) {
            requireDistinct("target", targets);
            for (var target : targets) {
                requireThat(
                        !inputs.contains(target),
                        "has '" + Text.shown(target) + "' as input and as target; leave it out of the inputs");
            }
        }

        /** One source serves both; a median is a node's own affair unless the plan says otherwise. */
        private StatisticsSource source() {
            requireThat(
                    imputedFrom == null || standardisedFrom == null || imputedFrom == standardisedFrom,
                    "imputes with " + imputedFrom + " and standardises with " + standardisedFrom
                            + " statistics; use the same for both");
            if (standardisedFrom != null) {
                return standardisedFrom;
            }
            if (imputedFrom != null) {
                return imputedFrom;
            }
            return imputation == Imputation.MEDIAN || imputation == Imputation.MOST_FREQUENT
                    ? StatisticsSource.LOCAL
                    : StatisticsSource.FEDERATED;
        }

        private void requireClasses() {
            if (classes == null) {
                return;
            }
            requireThat(
                    classes.size() >= 2 && classes.size() <= MAX_CLASSES,
                    "declares " + classes.size() + " classes; 2 to " + MAX_CLASSES
                            + " are allowed (for regression leave .classes(...) out)");
            requireDistinct("class", classes);
        }

        private void requireSurvival(String time) {
            if (event == null) {
                return;
            }
            requireThat(classes == null, "declares a survival time and classes; leave .classes(...) out");
            requireThat(
                    !event.equals(time) && !inputs.contains(event),
                    "has '" + Text.shown(event) + "' as event and as something else; it is neither time nor input");
        }

        private void requirePreparation(StatisticsSource source) {
            requireThat(
                    (imputation == Imputation.CONSTANT) == Double.isFinite(constant),
                    "imputes " + imputation
                            + (imputation == Imputation.CONSTANT
                                    ? " without a finite value; write .impute(CONSTANT, 0)"
                                    : " with a value, which only CONSTANT takes"));
            requireThat(
                    source != StatisticsSource.GIVEN || given.keySet().containsAll(inputs),
                    "standardises with given constants but not every input has one; write .given(column, mean,"
                            + " standardDeviation) for each");
            requireThat(
                    given.isEmpty() || source == StatisticsSource.GIVEN,
                    "gives constants that nothing uses; write .standardise(GIVEN)");
            given.forEach((column, moments) -> requireThat(
                    Double.isFinite(moments.sum()) && Double.isFinite(moments.sumOfSquares()),
                    "gives a mean or standard deviation of '" + Text.shown(column) + "' that is not finite"));
        }

        private static void requireDistinct(String what, List<String> names) {
            var seen = new HashSet<String>();
            for (var name : names) {
                requireThat(!name.isBlank(), "has a blank name of " + what);
                requireThat(seen.add(name), "names the " + what + " '" + Text.shown(name) + "' twice");
            }
        }

        private static void requireThat(boolean holds, String otherwise) {
            if (!holds) {
                throw invalid(otherwise);
            }
        }

        private static FedbiomedException invalid(String what) {
            return new FedbiomedException(ErrorCode.PLAN_INVALID, "the plan's data(...) " + what);
        }
    }
}
