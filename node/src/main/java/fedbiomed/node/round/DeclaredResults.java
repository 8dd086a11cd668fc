package fedbiomed.node.round;

import fedbiomed.training.metrics.CustomMetrics;
import fedbiomed.training.metrics.Metrics;
import fedbiomed.training.metrics.SumNames;
import fedbiomed.training.plan.MetricDeclaration;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.Timings;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Under which names a worker's numbers may leave: those that the plan's text, the dataset's description and we ourselves
 * have. A name is a text, and could hold a row; the process that ran a stranger's code is not believed. What is refused
 * is not repeated in the refusal.
 */
final class DeclaredResults {
    private static final Set<String> PHASES = Set.of("training", "test_on_global_updates", "test_on_local_updates");

    /** Beside the loss: what {@code TrainingLoop} measures, whatever the plan. */
    private static final Set<String> OF_TRAINING = Set.of("learning_rate", "seconds_per_batch");

    /** Phases of a worker's time. */
    private static final Set<String> TIMED = Set.of("batches", "compile", "load", "test", "train", "write");

    private static final Pattern METRIC = Pattern.compile("([a-z0-9_]+)(?:\\[(.*)])?", Pattern.DOTALL);
    private static final Pattern CLASS_NUMBER = Pattern.compile("-?[0-9]{1,4}");

    /** More arrays of a batch, and dimensions of one, than there are. */
    private static final int MOST_ARRAYS = 32;

    private static final int MOST_DIMENSIONS = 8;

    private final PlanSource source;
    private final MetricDeclaration declaration;

    /** Reads the plan's text. */
    DeclaredResults(PlanSource source) {
        this(source, MetricDeclaration.where(source));
    }

    /** @param declaration read before the plan's worker starts, whose watch must not wait: it can take a second */
    DeclaredResults(PlanSource source, MetricDeclaration declaration) {
        this.source = source;
        this.declaration = declaration;
    }

    /** @throws FedbiomedException {@code PLAN_FAILED} if it has another phase or name than there can be */
    void requireDeclared(Scalar scalar) {
        boolean ofTraining = scalar.phase().equals("training") && OF_TRAINING.contains(scalar.name());
        require(ofTraining || PHASES.contains(scalar.phase()) && isDeclared(scalar.name()), "a number");
    }

    private boolean isDeclared(String name) {
        var parts = METRIC.matcher(name);
        if (!parts.matches()) {
            return false;
        }
        var classes = parts.group(2);
        var label = parts.group(1);
        return classes == null
                ? CustomMetrics.LOSS.contains(label)
                        || Metrics.isKnown(label)
                        || declaration.names().contains(label)
                : Metrics.isKnown(label) && areClasses(classes);
    }

    /** One class, or two with a comma between them; a class's own name may hold one. */
    private boolean areClasses(String text) {
        if (isClass(text)) {
            return true;
        }
        for (int comma = text.indexOf(','); comma >= 0; comma = text.indexOf(',', comma + 1)) {
            if (isClass(text.substring(0, comma)) && isClass(text.substring(comma + 1))) {
                return true;
            }
        }
        return false;
    }

    /** It stands in the text that the data manager has read, or is a small number, as {@code classes(10)} makes them. */
    private boolean isClass(String name) {
        return CLASS_NUMBER.matcher(name).matches()
                || source.text().contains(name)
                || declaration.texts().contains(name); // written with escapes
    }

    /** @throws FedbiomedException {@code PLAN_FAILED} if it has more, or others, than its task and the plan say */
    void requireDeclared(@Nullable EvaluationSums test) {
        if (test == null) {
            return;
        }
        var told = CustomMetrics.names(test);
        require(
                told.isEmpty()
                        || told.equals(CustomMetrics.LOSS)
                        || declaration.names().containsAll(told),
                "a metric");
        require(told.size() <= CustomMetrics.MAX_METRICS, "more metrics");
        require(test.classes().stream().allMatch(this::isClass), "a class");
        require(hasTheSumsOfItsTask(test, told), "test results");
        require(
                test.sums().values().stream()
                        .flatMapToDouble(java.util.Arrays::stream)
                        .allMatch(Double::isFinite),
                "a number that is not finite");
    }

    private static boolean hasTheSumsOfItsTask(EvaluationSums test, List<String> own) {
        try {
            int classes = test.classes().size();
            var keys = test.sums().keySet();
            Metrics.of(test); // their lengths
            return keys.equals(Metrics.keys(test.task(), classes, true, own))
                    || test.task().equals(SumNames.CLASSIFICATION)
                            && keys.equals(Metrics.keys(test.task(), classes, false, own));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** @throws FedbiomedException {@code PLAN_FAILED} if they are of another column than the dataset has */
    void requireDeclared(PreprocessingStatistics statistics, DatasetDescription dataset) {
        require(
                statistics.categories().isEmpty()
                        && dataset.columns().stream()
                                .map(column -> column.name())
                                .toList()
                                .containsAll(statistics.columns().keySet()),
                "statistics of a column");
    }

    /** @throws FedbiomedException {@code PLAN_FAILED} if these are no shapes of a batch of at most {@code size} samples */
    void requireBatch(List<List<Long>> shapes, int size) {
        require(
                shapes.size() <= MOST_ARRAYS
                        && shapes.stream()
                                .allMatch(shape -> !shape.isEmpty()
                                        && shape.size() <= MOST_DIMENSIONS
                                        && shape.getFirst() <= size
                                        && shape.stream().allMatch(length -> length > 0)),
                "the shapes of a batch");
    }

    /** Those of the worker's phases; how long anything else took nobody asked. */
    Timings declared(Timings timings) {
        var known = new TreeMap<>(timings.millis());
        known.keySet().retainAll(TIMED);
        return new Timings(known);
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_FAILED,
                    "the plan's result was refused: its process tells " + what + " that the plan does not declare; the"
                            + " names of a plan's own metrics are written out in its testingMetrics(), those of classes"
                            + " in its text");
        }
    }
}
