package fedbiomed.data.preprocessing;

import fedbiomed.data.tabular.Table;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Text;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What is done to a plan's inputs, in this order: missing values are imputed, then each column of numbers is centred on
 * its mean and divided by its standard deviation; a column of categories becomes a feature for each of them.
 *
 * @param columns what the model reads, in its order
 * @param given moments by column, for {@link StatisticsSource#GIVEN}
 */
public record InputPipeline(List<InputColumn> columns, Map<String, ColumnMoments> given) {
    /**
     * @throws FedbiomedException PLAN_INVALID if there is no input or one twice, or if given moments are needed and lack a
     *     column
     */
    public InputPipeline {
        columns = List.copyOf(columns);
        given = Map.copyOf(given);
        var names = columns.stream().map(InputColumn::name).toList();
        if (names.isEmpty() || new HashSet<>(names).size() != names.size()) {
            throw invalid("the plan must name its input columns, each once; it names " + names.size());
        }
        for (var column : columns) {
            if (column.momentsFrom() == StatisticsSource.GIVEN && !given.containsKey(column.name())) {
                throw invalid("the given statistics lack input '" + Text.shown(column.name()) + "'; give its moments");
            }
        }
    }

    private static FedbiomedException invalid(String what) {
        return new FedbiomedException(ErrorCode.PLAN_INVALID, what);
    }

    /** The columns' names. */
    public List<String> inputs() {
        return columns.stream().map(InputColumn::name).toList();
    }

    /** How many features the model gets: one a column of numbers, one a category. */
    public int width() {
        return columns.stream().mapToInt(InputColumn::width).sum();
    }

    /** The columns whose moments the nodes must combine before the first round. */
    public List<String> federated() {
        return columns.stream()
                .filter(column -> column.momentsFrom() == StatisticsSource.FEDERATED)
                .map(InputColumn::name)
                .toList();
    }

    /**
     * The moments over some rows of each column that {@link #federated} names: sums and counts only, which may be summed
     * over nodes (under the node's policy of how few rows it answers for).
     *
     * @throws FedbiomedException DATA_UNFIT as {@link Table#numbers}
     */
    public PreprocessingStatistics federatedStatistics(Table table, int[] rows) {
        return statistics(table, rows, EnumSet.of(StatisticsSource.FEDERATED));
    }

    /** As {@link #federatedStatistics}, and of the columns of which this table's own moments are used, too. */
    public PreprocessingStatistics statistics(Table table, int[] rows) {
        return statistics(table, rows, EnumSet.of(StatisticsSource.FEDERATED, StatisticsSource.LOCAL));
    }

    private PreprocessingStatistics statistics(Table table, int[] rows, Set<StatisticsSource> sources) {
        var names = columns.stream()
                .filter(column -> column.momentsFrom() != null && sources.contains(column.momentsFrom()))
                .map(InputColumn::name)
                .toList();
        return new PreprocessingStatistics(MomentsSum.over(table, names, rows), new TreeMap<>(), 1);
    }

    /**
     * What is done to each value at this node: for every source and every imputation.
     *
     * @param trainingRows the rows from which local statistics come
     * @param combined all nodes' moments together; read for {@link StatisticsSource#FEDERATED} only
     * @throws FedbiomedException DATA_UNFIT if statistics lack a column, or a column that is to be imputed has no value
     */
    public FittedInputs fit(Table table, int[] trainingRows, PreprocessingStatistics combined) {
        var local = statistics(table, trainingRows, EnumSet.of(StatisticsSource.LOCAL));
        return new FittedInputs(columns.stream()
                .<FittedColumn>map(column -> column.isCategorical()
                        ? CategoryFit.of(column, table, trainingRows)
                        : ColumnFit.of(column, momentsOf(column, local, combined), table, trainingRows))
                .toList());
    }

    private ColumnMoments momentsOf(
            InputColumn column, PreprocessingStatistics local, PreprocessingStatistics combined) {
        var name = column.name();
        var moments = switch (column.momentsFrom()) {
            case null -> ColumnMoments.NONE;
            case LOCAL -> local.columns().get(name);
            case GIVEN -> given.get(name);
            case FEDERATED -> combined.columns().get(name);
        };
        if (moments == null) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "the run's statistics lack input '" + Text.shown(name)
                            + "'; collect them from the nodes before the first round");
        }
        return moments;
    }
}
