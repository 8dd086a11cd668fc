package fedbiomed.training;

import fedbiomed.data.tabular.Table;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.stream.IntStream;

/** A table's target as numbers; errors tell counts and what the plan declares, never a value. */
record TableTargets(DataDeclaration declaration) {
    /**
     * Of each row: index of the class, the value of a regression, or a survival time ({@link SurvivalTargets}).
     *
     * @throws FedbiomedException DATA_UNFIT naming the column, and how many rows have no value or an undeclared class
     */
    double[] of(Table table) {
        if (declaration.event() != null) {
            return SurvivalTargets.of(table, declaration.target(), declaration.event());
        }
        return declaration.isClassification() ? classIndices(table) : values(table);
    }

    private double[] values(Table table) {
        var values = table.numbers(declaration.target());
        requireComplete(IntStream.range(0, values.length)
                .filter(i -> Double.isNaN(values[i]))
                .count());
        return values;
    }

    private double[] classIndices(Table table) {
        var texts = table.texts(declaration.target());
        var indices = new double[texts.length];
        long missing = 0;
        long foreign = 0;
        String example = "";
        for (int row = 0; row < texts.length; row++) {
            var text = texts[row];
            int index = text == null ? -1 : declaration.classes().indexOf(text);
            if (text == null) {
                missing++;
            } else if (index < 0) {
                foreign++;
                example = text;
            }
            indices[row] = index;
        }
        requireComplete(missing);
        if (foreign > 0) {
            // the label itself is data: it goes into the cause, which stays in the node's own log
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "target column '" + Text.shown(declaration.target()) + "': " + foreign + " of " + texts.length
                            + " rows have a class that the plan does not declare; it declares "
                            + declaration.classes().stream().map(Text::shown).toList()
                            + ". Declare every class as it is written in the table, or leave this dataset out; the node's"
                            + " own log has an example",
                    new IllegalArgumentException("one of the undeclared classes: '" + Text.shown(example) + "'"));
        }
        return indices;
    }

    private void requireComplete(long missing) {
        if (missing > 0) {
            throw unfit("target column '" + Text.shown(declaration.target()) + "': " + missing
                    + " rows have no value; remove these rows from the dataset, or name another target");
        }
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
