package fedbiomed.data.loading;

import com.fasterxml.jackson.annotation.JsonIgnore;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.LoadingPlanDescription;
import fedbiomed.vocabulary.Sha256;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a node brings its own columns, arrays or modalities under the names and values that a federation agreed on
 * (Fed-BioMed's data loading plan). It stays at the node; what may leave is {@link #description}.
 */
public record LoadingPlan(String name, List<LoadedColumn> columns, OtherColumns otherColumns) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int MAX_COLUMNS = 10_000;
    /** How many names of columns an error lists. */
    private static final int NAMES_SHOWN = 20;

    /** @throws FedbiomedException DATA_UNFIT if it contradicts itself, or says nothing */
    public LoadingPlan {
        columns = List.copyOf(columns);
        if (!NAME.matcher(name).matches()) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "a loading plan's name is 1 to 64 letters, digits and . _ - and begins with a letter or digit, not '"
                            + Text.shown(name) + "'");
        }
        if (columns.isEmpty() || columns.size() > MAX_COLUMNS) {
            throw problem(name, "it names " + columns.size() + " columns; 1 to " + MAX_COLUMNS + " are allowed");
        }
        var names = new HashMap<String, String>();
        var taken = new HashMap<String, String>();
        for (var column : columns) {
            var other = names.put(column.name(), column.from());
            if (other != null) {
                throw problem(
                        name,
                        "two columns, '" + Text.shown(other) + "' and '" + Text.shown(column.from())
                                + "', are mapped onto one name, '" + column.name()
                                + "'; give one of them another name");
            }
            var twice = taken.put(column.from(), column.name());
            if (twice != null) {
                throw problem(
                        name,
                        "column '" + Text.shown(column.from()) + "' is mapped twice, onto '" + twice + "' and '"
                                + column.name() + "'; leave one out");
            }
        }
    }

    /**
     * The columns that take part, those it names first.
     *
     * @param own the dataset's own names
     * @throws FedbiomedException DATA_UNFIT if it names a column that is not there, or two would have one name; for the
     *     data manager, since it tells own names
     */
    public List<LoadedColumn> over(List<String> own) {
        var there = new HashSet<>(own);
        var all = new ArrayList<>(columns);
        var named = new HashMap<String, LoadedColumn>();
        for (var column : columns) {
            if (!there.contains(column.from())) {
                throw problem(
                        name,
                        "it " + (column.isRenamed() ? "maps" : "names") + " the column '" + Text.shown(column.from())
                                + "'"
                                + (column.isRenamed() ? " onto '" + column.name() + "'" : "")
                                + ", and the dataset has none of that name; it has " + shown(own));
            }
            named.put(column.name(), column);
            there.remove(column.from());
        }
        if (otherColumns == OtherColumns.KEPT) {
            for (var column : own) {
                var same = named.get(column);
                if (there.contains(column) && same != null) {
                    throw problem(
                            name,
                            "two columns would be called '" + column + "': '" + Text.shown(same.from())
                                    + "', which is mapped onto it, and the dataset's own '" + column
                                    + "'; hide the other columns (other_columns: hidden), or map that one onto another name");
                }
                if (there.contains(column)) {
                    all.add(LoadedColumn.of(column, column));
                }
            }
        }
        return all;
    }

    /** The one that is known by the agreed name; {@code null} if none can be. */
    public @Nullable LoadedColumn find(String agreed) {
        for (var column : columns) {
            if (column.name().equals(agreed)) {
                return column;
            }
        }
        boolean mayBeOther = otherColumns == OtherColumns.KEPT
                && columns.stream().noneMatch(column -> column.from().equals(agreed));
        return mayBeOther ? LoadedColumn.of(agreed, agreed) : null;
    }

    /** That of a dataset which is read so: another plan makes another content. */
    public String fingerprint(String ofContent) {
        return Sha256.of(ofContent + "\n" + Json.text(Map.of("columns", columns, "other_columns", otherColumns)));
    }

    /** What may leave the node: neither own names nor own values. */
    @JsonIgnore
    public LoadingPlanDescription description() {
        return new LoadingPlanDescription(name, named(LoadedColumn::isRenamed), named(LoadedColumn::isRecoded));
    }

    private List<String> named(Predicate<LoadedColumn> which) {
        return columns.stream().filter(which).map(LoadedColumn::name).sorted().toList();
    }

    private static String shown(List<String> names) {
        var some = String.join(
                ", ", names.stream().limit(NAMES_SHOWN).map(Text::shown).toList());
        return names.size() <= NAMES_SHOWN ? some : some + " and " + (names.size() - NAMES_SHOWN) + " more";
    }

    private static FedbiomedException problem(String name, String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, "loading plan '" + name + "': " + what);
    }
}
