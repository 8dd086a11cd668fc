package fedbiomed.training;

import fedbiomed.data.tabular.Numbers;
import fedbiomed.data.tabular.Table;
import fedbiomed.data.tabular.Texts;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A table's target as numbers; errors tell counts and what the plan declares, never a value. */
record TableTargets(DataDeclaration declaration) {
    /**
     * Of each row: index of the class, the value of a regression, or a survival time ({@link SurvivalTargets}).
     *
     * @throws FedbiomedException DATA_UNFIT naming the column, and how many rows have no value or an undeclared class
     */
    Numbers of(Table table) {
        if (declaration.event() != null) {
            return Numbers.of(SurvivalTargets.of(table, declaration.target(), declaration.event()));
        }
        return declaration.isClassification() ? classIndices(table) : values(table);
    }

    private Numbers values(Table table) {
        var values = table.numbersOf(declaration.target());
        requireComplete(IntStream.range(0, values.rows())
                .filter(row -> Double.isNaN(values.at(row)))
                .count());
        return values;
    }

    private Numbers classIndices(Table table) {
        var texts = table.textsOf(declaration.target());
        // of a table that does not fit into memory, the classes are looked up anew
        var indices = new double[table.isSpilled() ? 0 : texts.rows()];
        long missing = 0;
        long foreign = 0;
        String example = "";
        for (int row = 0; row < texts.rows(); row++) {
            var text = texts.at(row);
            int index = index(text);
            if (text == null) {
                missing++;
            } else if (index < 0) {
                foreign++;
                example = text;
            }
            if (indices.length > 0) {
                indices[row] = index;
            }
        }
        requireComplete(missing);
        if (foreign > 0) {
            // the label itself is data: it goes into the cause, which stays in the node's own log
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "target column '" + Text.shown(declaration.target()) + "': " + foreign + " of " + texts.rows()
                            + " rows have a class that the plan does not declare; it declares "
                            + declaration.classes().stream().map(Text::shown).toList()
                            + ". Declare every class as it is written in the table, or leave this dataset out; the node's"
                            + " own log has an example",
                    new IllegalArgumentException("one of the undeclared classes: '" + Text.shown(example) + "'"));
        }
        return table.isSpilled() ? indices(texts) : Numbers.of(indices);
    }

    private Numbers indices(Texts texts) {
        return new Numbers() {
            @Override
            public int rows() {
                return texts.rows();
            }

            @Override
            public double at(int row) {
                return index(texts.at(row));
            }
        };
    }

    /** -1 of a text that is no class. */
    private int index(@Nullable String text) {
        return text == null ? -1 : declaration.classes().indexOf(text);
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
