package fedbiomed.data.tabular;

import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnDetail;
import fedbiomed.vocabulary.ColumnType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds a column's type from all of its values, one after the other, or checks the type that was declared. */
final class TypeInference {
    /** More categories than these are names or texts. */
    static final int MAX_CATEGORIES = 10_000;

    private final @Nullable DeclaredType declared;
    private final Set<String> categories = new HashSet<>();
    private long integers;
    private long reals;
    private long infinities;
    private long booleans;
    private long commas;
    private long dates;
    private long values;
    private long missing;
    private long firstInfinity;
    private long firstUnfit;

    /** @param declared {@code null} if the values tell it */
    TypeInference(@Nullable DeclaredType declared) {
        this.declared = declared;
    }

    /** @param line where the value stands, for {@link #firstInfinity}; {@code value} is trimmed, {@code null} if missing */
    void accept(@Nullable String value, long line) {
        if (value == null) {
            missing++;
            return;
        }
        values++;
        if (declared != null && declared.type() == ColumnType.TEXT) {
            return;
        }
        if (declared != null && declared.type() == ColumnType.CATEGORICAL) {
            acceptCategory(declared, value, line);
            return;
        }
        var syntax = ValueSyntax.of(value);
        switch (syntax) {
            case INTEGER -> integers++;
            case REAL -> reals++;
            case BOOLEAN -> booleans++;
            case DECIMAL_COMMA -> commas++;
            case INFINITE -> {
                firstInfinity = infinities == 0 ? line : firstInfinity;
                infinities++;
            }
            case DATE -> dates++;
            case TEXT -> {}
        }
        if (declared != null && firstUnfit == 0 && !declared.fits(syntax)) {
            firstUnfit = line;
        }
    }

    private void acceptCategory(DeclaredType type, String value, long line) {
        boolean fits = type.values().isEmpty()
                ? categories.size() < MAX_CATEGORIES || categories.contains(value)
                : type.values().contains(value);
        if (fits) {
            categories.add(value);
        } else if (firstUnfit == 0) {
            firstUnfit = line;
        }
    }

    /** A column of numbers some of which are infinite is {@link ColumnType#REAL}; see {@link #firstInfinity}. */
    ColumnType type() {
        if (declared != null) {
            return declared.type();
        }
        if (values == 0) {
            return ColumnType.EMPTY;
        }
        if (integers == values) {
            return ColumnType.INTEGER;
        }
        if (integers + reals + infinities == values) {
            return ColumnType.REAL;
        }
        if (dates == values) {
            return ColumnType.DATE;
        }
        return booleans == values ? ColumnType.BOOLEAN : ColumnType.TEXT;
    }

    /** The first line on which a column of numbers has an infinity; 0 if it has none. */
    long firstInfinity() {
        return type() == ColumnType.REAL ? firstInfinity : 0;
    }

    /** Whether all values would be numbers if their commas were decimal points. */
    boolean decimalCommas() {
        return declared == null && commas > 0 && integers + reals + commas == values;
    }

    long missing() {
        return missing;
    }

    /**
     * As it may leave the node.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT if a value is not of the declared type, or infinite
     */
    ColumnDescription described(String name, CsvProblem problem) {
        requireSound(name, problem);
        return switch (type()) {
            case DATE -> new ColumnDescription(name, ColumnDetail.DATE, missing);
            case CATEGORICAL -> {
                var shown = declared == null ? List.<String>of() : declared.values();
                long count = shown.isEmpty() ? categories.size() : shown.size();
                yield new ColumnDescription(name, new ColumnDetail(ColumnType.CATEGORICAL, count, shown), missing);
            }
            default -> new ColumnDescription(name, type(), missing);
        };
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException as {@link #described} */
    void requireSound(String name, CsvProblem problem) {
        if (firstInfinity() != 0) {
            throw Table.infinities(problem, name, firstInfinity());
        }
        if (declared != null && firstUnfit != 0) {
            throw declared.unfit(problem, name, firstUnfit);
        }
    }
}
