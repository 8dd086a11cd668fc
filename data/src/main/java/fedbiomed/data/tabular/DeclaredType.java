package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.List;

/**
 * What the data manager says that a column is.
 *
 * @param values the categories that a categorical column may have, for all to see; empty if they are not told
 */
record DeclaredType(ColumnType type, List<String> values) {
    DeclaredType {
        values = List.copyOf(values);
    }

    /** Of a value of a column that is neither text nor categorical. */
    boolean fits(ValueSyntax syntax) {
        return switch (type) {
            case INTEGER -> syntax == ValueSyntax.INTEGER;
            // an infinity is told as such
            case REAL -> syntax == ValueSyntax.INTEGER || syntax == ValueSyntax.REAL || syntax == ValueSyntax.INFINITE;
            case BOOLEAN -> syntax == ValueSyntax.BOOLEAN;
            case DATE -> syntax == ValueSyntax.DATE;
            case TEXT, CATEGORICAL, EMPTY -> true;
        };
    }

    FedbiomedException unfit(CsvProblem problem, String column, long line) {
        var name = "column '" + Text.shown(column) + "'";
        if (type != ColumnType.CATEGORICAL) {
            return problem.atLine(
                    line,
                    name + " is declared " + type + ", and this value is none (perhaps on further lines too"
                            + (type == ColumnType.DATE ? "; a date is written yyyy-MM-dd" : "")
                            + "); correct the value, or the setting 'types'");
        }
        return problem.atLine(
                line,
                values.isEmpty()
                        ? name + " is declared CATEGORICAL, and has more than " + TypeInference.MAX_CATEGORIES
                                + " different values; declare it text"
                        : name + " has a category that is not declared (perhaps on further lines too); declared are "
                                + String.join(
                                        ", ", values.stream().map(Text::shown).toList())
                                + ". Correct the value, or the setting 'types'");
    }
}
