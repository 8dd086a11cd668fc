package fedbiomed.data.preprocessing;

import fedbiomed.data.tabular.Table;
import fedbiomed.data.tabular.Texts;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A column of categories: 1 in the feature of a row's category, 0 in the others.
 *
 * @param other whether a last feature stands for values that are not declared
 * @param fill which feature a missing value has; {@link #MISSING}: it is an error
 */
public record CategoryFit(String column, List<String> categories, boolean other, int fill) implements FittedColumn {
    private static final int MISSING = -1;
    private static final int FOREIGN = -2;

    public CategoryFit {
        categories = List.copyOf(categories);
    }

    /** @param rows those of which the most frequent category is taken; the first declared of several */
    static CategoryFit of(InputColumn column, Table table, int[] rows) {
        var unfilled = new CategoryFit(column.name(), column.categories(), column.other(), MISSING);
        int fill = switch (column.fill().imputation()) {
            case CONSTANT -> {
                int named =
                        column.categories().indexOf(String.valueOf(column.fill().category()));
                yield named < 0 ? column.categories().size() : named;
            }
            case MOST_FREQUENT -> unfilled.mostFrequent(table, rows);
            default -> MISSING;
        };
        return new CategoryFit(column.name(), column.categories(), column.other(), fill);
    }

    @Override
    public int width() {
        return categories.size() + (other ? 1 : 0);
    }

    private int mostFrequent(Table table, int[] rows) {
        var texts = table.textsOf(column);
        var known = known();
        var counts = new int[width()];
        for (int row : rows) {
            int feature = feature(known, texts.at(row));
            if (feature >= 0) {
                counts[feature]++;
            }
        }
        int best = 0;
        for (int i = 1; i < counts.length; i++) {
            if (counts[i] > counts[best]) {
                best = i;
            }
        }
        if (counts[best] == 0) {
            throw ColumnFit.noValue(column);
        }
        return best;
    }

    private Map<String, Integer> known() {
        var known = new HashMap<String, Integer>();
        for (int i = 0; i < categories.size(); i++) {
            known.put(categories.get(i), i);
        }
        return known;
    }

    private int feature(Map<String, Integer> known, @Nullable String text) {
        return text == null ? MISSING : known.getOrDefault(text, other ? categories.size() : FOREIGN);
    }

    @Override
    public void apply(Table table, int[] rows, double[] target, int offset, int stride) {
        var texts = table.textsOf(column);
        var features = new int[texts.rows()];
        requireDeclared(texts, features);
        for (int i = 0; i < rows.length; i++) {
            int feature = features[rows[i]];
            target[offset + i * stride + (feature == MISSING ? fill : feature)] = 1;
        }
    }

    @Override
    public Features features(Table table, int[] rows) {
        var texts = table.textsOf(column);
        requireDeclared(texts, null);
        var known = known();
        return (row, target, at) -> {
            int feature = feature(known, texts.at(row));
            target[at + (feature == MISSING ? fill : feature)] = 1;
        };
    }

    /**
     * Of every row of the table, not only some: what is wrong with the dataset shows whatever the split.
     *
     * @param found filled with each row's feature, where it is there
     */
    private void requireDeclared(Texts texts, int @Nullable [] found) {
        var known = known();
        long missing = 0;
        long foreign = 0;
        String example = "";
        for (int row = 0; row < texts.rows(); row++) {
            var text = texts.at(row);
            int feature = feature(known, text);
            if (found != null) {
                found[row] = feature;
            }
            if (feature == MISSING) {
                missing++;
            } else if (feature == FOREIGN) {
                foreign++;
                example = String.valueOf(text);
            }
        }
        if (foreign > 0) {
            // the value itself is data: it goes into the cause, which stays in the node's own log
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "input '" + Text.shown(column) + "': " + foreign + " of " + texts.rows()
                            + " rows have a value that is no category of the plan; it declares "
                            + categories.stream().map(Text::shown).toList()
                            + ". Declare every category as it is written in the table, or use oneHotOrOther; the node's"
                            + " own log has an example",
                    new IllegalArgumentException("one of the undeclared values: '" + Text.shown(example) + "'"));
        }
        if (missing > 0 && fill == MISSING) {
            throw ColumnFit.missing(column, missing, texts.rows());
        }
    }
}
