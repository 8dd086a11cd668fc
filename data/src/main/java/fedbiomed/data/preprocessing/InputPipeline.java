package fedbiomed.data.preprocessing;

import fedbiomed.data.tabular.Table;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Text;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is done to a plan's inputs, in this order: missing values are imputed, then each column is centred on its mean
 * and divided by its standard deviation.
 *
 * @param inputs the columns that the model reads, in its order
 * @param constant what {@link Imputation#CONSTANT} puts in
 * @param standardise whether columns are centred and scaled
 * @param given moments by column, for {@link StatisticsSource#GIVEN}
 */
public record InputPipeline(
        List<String> inputs,
        Imputation imputation,
        double constant,
        boolean standardise,
        StatisticsSource source,
        Map<String, ColumnMoments> given) {
    /**
     * @throws FedbiomedException PLAN_INVALID if there is no input or one twice, if the constant is not finite, if
     *     given moments are needed and lack a column, or for a median or most frequent value that is not local
     */
    public InputPipeline {
        inputs = List.copyOf(inputs);
        given = Map.copyOf(given);
        if (inputs.isEmpty() || new HashSet<>(inputs).size() != inputs.size()) {
            throw invalid("the plan must name its input columns, each once; it names " + inputs.size());
        }
        if (imputation == Imputation.CONSTANT && !Double.isFinite(constant)) {
            throw invalid("missing values cannot be imputed by " + constant + "; name a finite constant");
        }
        if (isOrderStatistic(imputation) && source != StatisticsSource.LOCAL) {
            throw invalid(
                    "a " + imputation + " cannot be computed over nodes or from moments: ask for LOCAL statistics,"
                            + " or impute the MEAN, or a value that you know as CONSTANT");
        }
        if (source == StatisticsSource.GIVEN && (standardise || imputation == Imputation.MEAN)) {
            for (var input : inputs) {
                if (!given.containsKey(input)) {
                    throw invalid("the given statistics lack input '" + Text.shown(input) + "'; give its moments");
                }
            }
        }
    }

    private static FedbiomedException invalid(String what) {
        return new FedbiomedException(ErrorCode.PLAN_INVALID, what);
    }

    static boolean isOrderStatistic(Imputation imputation) {
        return imputation == Imputation.MEDIAN || imputation == Imputation.MOST_FREQUENT;
    }

    /** Whether the nodes' moments must be combined before the first round. */
    public boolean needsFederatedStatistics() {
        return source == StatisticsSource.FEDERATED && (standardise || imputation == Imputation.MEAN);
    }

    /**
     * The moments of each input over some rows: sums and counts only, which may be summed over nodes (under the node's
     * policy of how few rows it answers for).
     *
     * @throws FedbiomedException DATA_UNFIT as {@link Table#numbers}
     */
    public PreprocessingStatistics statistics(Table table, int[] rows) {
        var moments = new TreeMap<String, ColumnMoments>();
        for (var input : inputs) {
            moments.put(input, moments(input, table.numbers(input), rows));
        }
        return new PreprocessingStatistics(moments, new TreeMap<>(), 1);
    }

    private static ColumnMoments moments(String name, double[] column, int[] rows) {
        var sum = new ExactSum();
        var sumOfSquares = new ExactSum();
        long missing = 0;
        for (int row : rows) {
            if (Double.isNaN(column[row])) {
                missing++;
            } else {
                sum.add(column[row]);
                sumOfSquares.addSquare(column[row]);
            }
        }
        if (!Double.isFinite(sumOfSquares.value())) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "input '" + Text.shown(name)
                            + "' has numbers so large (over 1e150) that their squares overflow; correct or rescale them");
        }
        return new ColumnMoments(rows.length - missing, missing, sum.value(), sumOfSquares.value());
    }

    /**
     * What is done to each value at this node: for every source and every imputation.
     *
     * @param trainingRows the rows from which local statistics come
     * @param combined all nodes' moments together; read for {@link StatisticsSource#FEDERATED} only
     * @throws FedbiomedException DATA_UNFIT if statistics lack a column, or a column that is to be imputed has no value
     */
    public FittedInputs fit(Table table, int[] trainingRows, PreprocessingStatistics combined) {
        var own = source == StatisticsSource.LOCAL ? statistics(table, trainingRows) : combined;
        var columns = inputs.stream()
                .map(input -> {
                    var moments = ColumnFit.moments(this, input, own);
                    double fill = isOrderStatistic(imputation)
                            ? OrderStatistics.of(imputation, input, table.numbers(input), trainingRows)
                            : ColumnFit.fill(this, input, moments);
                    return ColumnFit.of(this, input, moments, fill);
                })
                .toList();
        return new FittedInputs(columns);
    }

    /**
     * The inputs of some rows as the model gets them: as {@link #fit} and {@link FittedInputs#apply}, where no order
     * statistic is asked for.
     *
     * @param statistics the combined ones ({@code FEDERATED}) or this table's own over its training rows ({@code LOCAL});
     *     not read for {@code GIVEN}
     * @return row-major, {@code rows.length} x {@code inputs.size()}
     * @throws FedbiomedException DATA_UNFIT naming the column if a value is missing and not imputed; PLAN_INVALID for a
     *     median or most frequent value, which these statistics do not hold
     */
    public double[] apply(Table table, int[] rows, PreprocessingStatistics statistics) {
        if (isOrderStatistic(imputation)) {
            throw invalid("a " + imputation + " is computed from the training rows: fit the pipeline on them first");
        }
        var columns = inputs.stream()
                .map(input -> {
                    var moments = ColumnFit.moments(this, input, statistics);
                    return ColumnFit.of(this, input, moments, ColumnFit.fill(this, input, moments));
                })
                .toList();
        return new FittedInputs(columns).apply(table, rows);
    }
}
