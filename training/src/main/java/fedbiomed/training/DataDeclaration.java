package fedbiomed.training;

import fedbiomed.data.preprocessing.Imputation;
import fedbiomed.data.preprocessing.InputPipeline;
import fedbiomed.data.preprocessing.StatisticsSource;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a plan's {@code data} hook said, checked.
 *
 * @param pipeline the inputs and how they are prepared
 * @param target column to be predicted
 * @param classes in the model's order; empty for regression
 * @param event column that says whether {@code target}, a survival time, ended with the event; {@code null}: no survival
 */
public record DataDeclaration(
        InputPipeline pipeline,
        String target,
        List<String> classes,
        @Nullable String event) {
    /** More classes than these make test results (a count for each pair of classes) too large to send. */
    public static final int MAX_CLASSES = 256;

    /** A plan with more inputs than this is a mistake; a message names each of them. */
    public static final int MAX_INPUTS = 10_000;

    public DataDeclaration {
        classes = List.copyOf(classes);
    }

    public boolean isClassification() {
        return !classes.isEmpty();
    }

    public boolean isSurvival() {
        return event != null;
    }

    public List<String> inputs() {
        return pipeline.inputs();
    }

    /** The inputs, the target, and the event of a survival time. */
    public List<String> columns() {
        var columns = new ArrayList<>(inputs());
        columns.add(target);
        if (event != null) {
            columns.add(event);
        }
        return columns;
    }

    static final class Builder {
        private List<String> inputs = List.of();
        private Imputation imputation = Imputation.NONE;
        private double constant = Double.NaN;
        private boolean standardise;
        private @Nullable StatisticsSource imputedFrom;
        private @Nullable StatisticsSource standardisedFrom;
        private final Map<String, ColumnMoments> given = new TreeMap<>();
        private @Nullable String target;
        private @Nullable List<String> classes;
        private @Nullable String event;

        void inputs(String[] columns) {
            inputs = List.of(columns);
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
            target = column;
        }

        void survival(String time, String event) {
            target = time;
            this.event = event;
        }

        void classes(String[] names) {
            classes = List.of(names);
        }

        /** @throws FedbiomedException {@code PLAN_INVALID} saying what {@code data} lacks or contradicts */
        DataDeclaration build() {
            requireThat(!inputs.isEmpty(), "names no inputs; write e.g. .inputs(\"age\", \"chol\")");
            requireThat(
                    inputs.size() <= MAX_INPUTS,
                    "names " + inputs.size() + " inputs; at most " + MAX_INPUTS + " are allowed");
            requireDistinct("input", inputs);
            if (target == null) {
                throw invalid("names no target; write e.g. .target(\"disease\")");
            }
            requireThat(
                    !inputs.contains(target),
                    "has '" + Text.shown(target) + "' as input and as target; leave it out of the inputs");
            requireClasses();
            requireSurvival(target);
            var source = source();
            requirePreparation(source);
            var pipeline = new InputPipeline(
                    inputs, imputation, Double.isNaN(constant) ? 0 : constant, standardise, source, Map.copyOf(given));
            return new DataDeclaration(pipeline, target, classes == null ? List.of() : classes, event);
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
