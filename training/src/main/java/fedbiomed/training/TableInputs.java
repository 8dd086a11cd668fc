package fedbiomed.training;

import static fedbiomed.training.DeclarationProblem.requireDistinct;
import static fedbiomed.training.DeclarationProblem.requireThat;

import fedbiomed.data.preprocessing.Fill;
import fedbiomed.data.preprocessing.Imputation;
import fedbiomed.data.preprocessing.InputColumn;
import fedbiomed.data.preprocessing.InputPipeline;
import fedbiomed.data.preprocessing.StatisticsSource;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a plan says of a table's inputs, until it has said all of it. */
final class TableInputs {
    private List<String> inputs = List.of();
    private Imputed ofAll = new Imputed(Imputation.NONE, Double.NaN, null, null);
    private final Map<String, Imputed> imputed = new LinkedHashMap<>();
    private final Map<String, Categories> oneHot = new LinkedHashMap<>();
    private @Nullable StatisticsSource standardised;
    private final Map<String, ColumnMoments> given = new TreeMap<>();

    /** @param value, category of {@code CONSTANT}, one of the two; @param from {@code null} where the plan does not say */
    record Imputed(
            Imputation how,
            double value,
            @Nullable String category,
            @Nullable StatisticsSource from) {}

    private record Categories(List<String> names, boolean other) {}

    void inputs(String[] columns) {
        inputs = List.of(columns);
    }

    void impute(Imputed how) {
        ofAll = how;
    }

    void impute(String column, Imputed how) {
        imputed.put(column, how);
    }

    void oneHot(String column, String[] categories, boolean other) {
        oneHot.put(column, new Categories(List.of(categories), other));
    }

    void standardise(StatisticsSource from) {
        standardised = from;
    }

    void given(String column, double mean, double standardDeviation) {
        given.put(column, new ColumnMoments(1, 0, mean, standardDeviation * standardDeviation + mean * mean));
    }

    List<String> names() {
        return inputs;
    }

    boolean isEmpty() {
        return inputs.isEmpty()
                && ofAll.how == Imputation.NONE
                && imputed.isEmpty()
                && oneHot.isEmpty()
                && standardised == null
                && given.isEmpty();
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException {@code PLAN_INVALID} */
    InputPipeline build() {
        requireThat(!inputs.isEmpty(), "names no inputs; write e.g. .inputs(\"age\", \"chol\")");
        requireThat(
                inputs.size() <= DataDeclaration.MAX_INPUTS,
                "names " + inputs.size() + " inputs; at most " + DataDeclaration.MAX_INPUTS + " are allowed");
        requireDistinct("input", inputs);
        requireInputs("imputes", imputed.keySet());
        requireInputs("declares categories of", oneHot.keySet());
        requireGiven();
        var pipeline = new InputPipeline(inputs.stream().map(this::column).toList(), Map.copyOf(given));
        requireThat(
                pipeline.width() <= DataDeclaration.MAX_INPUTS,
                "makes " + pipeline.width() + " features of its inputs and their categories; at most "
                        + DataDeclaration.MAX_INPUTS + " are allowed");
        return pipeline;
    }

    private void requireInputs(String what, Set<String> columns) {
        for (var column : columns) {
            requireThat(
                    inputs.contains(column),
                    what + " '" + Text.shown(column) + "', which is no input; name it in .inputs(...), too");
        }
    }

    private InputColumn column(String name) {
        var own = imputed.get(name);
        var categories = oneHot.get(name);
        if (categories != null) {
            requireThat(
                    !categories.names.isEmpty(),
                    "declares no categories of '" + Text.shown(name) + "'; write them as they stand in the table, e.g."
                            + " .oneHot(\"sex\", \"m\", \"f\")");
            requireDistinct("category of '" + Text.shown(name) + "'", categories.names);
            // a mean, a median or a number of all inputs is of those that are numbers
            boolean fits = own != null || ofAll.how == Imputation.MOST_FREQUENT;
            return InputColumn.oneHot(
                    name, categories.names, categories.other, fits ? fill(own == null ? ofAll : own, true) : Fill.NONE);
        }
        return InputColumn.number(name, fill(own == null ? ofAll : own, false), standardised);
    }

    private Fill fill(Imputed said, boolean ofCategories) {
        boolean constant = said.category != null || Double.isFinite(said.value);
        requireThat(
                (said.how == Imputation.CONSTANT) == constant,
                "imputes " + said.how
                        + (said.how == Imputation.CONSTANT
                                ? " without a finite value; write .impute(CONSTANT, 0)"
                                : " with a value, which only CONSTANT takes"));
        requireThat(
                ofCategories || said.category == null,
                "imputes the text '" + Text.shown(String.valueOf(said.category))
                        + "' in a column of numbers; write a number, or declare its categories: .oneHot(...)");
        requireThat(
                said.how != Imputation.MEAN || said.from == null || standardised == null || said.from == standardised,
                "imputes with " + said.from + " and standardises with " + standardised
                        + " statistics; use the same for both");
        return new Fill(said.how, said.value, said.category, source(said));
    }

    /** A median or most frequent value is a node's own affair. */
    private StatisticsSource source(Imputed said) {
        if (said.from != null) {
            return said.from;
        }
        return switch (said.how) {
            case MEAN -> standardised == null ? StatisticsSource.FEDERATED : standardised;
            default -> StatisticsSource.LOCAL;
        };
    }

    private void requireGiven() {
        for (var input : inputs) {
            requireThat(
                    !usesGiven(input) || given.containsKey(input),
                    "standardises with given constants but not every input has one; write .given(column, mean,"
                            + " standardDeviation) for each");
        }
        given.forEach((column, moments) -> {
            requireThat(
                    inputs.contains(column) && usesGiven(column),
                    "gives constants that nothing uses, of '" + Text.shown(column)
                            + "'; write .standardise(GIVEN), or leave them out");
            requireThat(
                    Double.isFinite(moments.sum()) && Double.isFinite(moments.sumOfSquares()),
                    "gives a mean or standard deviation of '" + Text.shown(column) + "' that is not finite");
        });
    }

    private boolean usesGiven(String input) {
        if (oneHot.containsKey(input)) {
            return false;
        }
        var said = imputed.getOrDefault(input, ofAll);
        return standardised == StatisticsSource.GIVEN
                || standardised == null && said.how == Imputation.MEAN && said.from == StatisticsSource.GIVEN;
    }
}
