package fedbiomed.data.tabular;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Sha256;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** The setting {@code types}: {@code zip:text,sex:categorical(m|f),born:date}; what it does not name is inferred. */
public record DeclaredTypes(Map<String, DeclaredType> byColumn) {
    public static final String SETTING = "types";
    public static final String EXPLANATION =
            "what columns are, e.g. zip:text,sex:categorical(m|f),born:date; text, integer, real,"
                    + " boolean, date, categorical. Others are inferred. Researchers see categories in brackets";
    static final DeclaredTypes NONE = new DeclaredTypes(Map.of());

    private static final int MAX_SHOWN_CATEGORIES = 1_000;

    /** @throws FedbiomedException UNSUPPORTED if the setting cannot be read */
    public static DeclaredTypes of(StoredDataset data) {
        var setting = data.settings().get(SETTING);
        return setting == null ? NONE : parse(setting);
    }

    /** @throws FedbiomedException UNSUPPORTED naming the part that cannot be read */
    static DeclaredTypes parse(String setting) {
        SequencedMap<String, DeclaredType> types = new LinkedHashMap<>();
        for (var part : parts(setting)) {
            int brackets = part.endsWith(")") ? part.lastIndexOf('(') : -1;
            int colon = part.lastIndexOf(':', brackets < 0 ? part.length() : brackets);
            if (colon <= 0) {
                throw wrong("'" + Text.shown(part) + "' is not COLUMN:TYPE");
            }
            var column = part.substring(0, colon).strip();
            var type = type(part.substring(colon + 1, brackets < 0 ? part.length() : brackets)
                    .strip());
            var values = brackets < 0
                    ? List.<String>of()
                    : categories(column, type, part.substring(brackets + 1, part.length() - 1));
            if (types.putIfAbsent(column, new DeclaredType(type, values)) != null) {
                throw wrong("column '" + Text.shown(column) + "' is named twice");
            }
        }
        return new DeclaredTypes(Collections.unmodifiableMap(types));
    }

    /**
     * The setting that declares these columns, by their inferred types.
     *
     * @throws FedbiomedException UNSUPPORTED if a column's name or type cannot be written in it
     */
    public static String setting(Map<String, ColumnType> columns) {
        var setting = new StringJoiner(",");
        columns.forEach((column, type) -> setting.add(column + ":" + type.name().toLowerCase(Locale.ROOT)));
        var written = setting.toString();
        if (!parse(written).byColumn().keySet().equals(columns.keySet())) {
            throw wrong("one of the columns " + Text.shown(columns.keySet().toString())
                    + " has a comma or a bracket in its name; rename it in the file");
        }
        return written;
    }

    /** Commas separate, but not within brackets. */
    private static List<String> parts(String setting) {
        var parts = new ArrayList<String>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < setting.length(); i++) {
            char c = setting.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && depth <= 0) {
                parts.add(setting.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(setting.substring(from));
        return parts;
    }

    private static ColumnType type(String name) {
        for (var type : ColumnType.values()) {
            if (type != ColumnType.EMPTY
                    && type.name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
                return type;
            }
        }
        throw wrong("there is no type '" + Text.shown(name)
                + "'; known are text, integer, real, boolean, date, categorical");
    }

    private static List<String> categories(String column, ColumnType type, String inBrackets) {
        var values =
                List.of(inBrackets.split("\\|", -1)).stream().map(String::strip).toList();
        if (type != ColumnType.CATEGORICAL
                || values.size() > MAX_SHOWN_CATEGORIES
                || values.stream().distinct().count() < values.size()
                || values.stream().anyMatch(MissingValues::isMissing)) {
            throw wrong("of column '" + Text.shown(column) + "': brackets hold the categories of a categorical column,"
                    + " separated by |, each once, at most " + MAX_SHOWN_CATEGORIES
                    + ", none of them a word for a missing value");
        }
        return values;
    }

    /** Of content that is read so. */
    String fingerprint(String content) {
        return byColumn.isEmpty() ? content : Sha256.of(content + "\n" + byColumn);
    }

    @Nullable
    DeclaredType of(String column) {
        return byColumn.get(column);
    }

    /** @throws FedbiomedException UNSUPPORTED if a column is declared that is not there */
    void requireIn(Collection<String> columns, CsvProblem problem) {
        for (var column : byColumn.keySet()) {
            if (!columns.contains(column)) {
                throw new FedbiomedException(
                        ErrorCode.UNSUPPORTED,
                        "the setting 'types' names a column '" + Text.shown(column) + "'; "
                                + Table.noSuchColumn(problem, column, columns).text());
            }
        }
    }

    private static FedbiomedException wrong(String what) {
        return new FedbiomedException(
                ErrorCode.UNSUPPORTED,
                "the setting 'types' cannot be read: " + what
                        + ". It is written as in types=zip:text,sex:categorical(m|f),born:date");
    }
}
