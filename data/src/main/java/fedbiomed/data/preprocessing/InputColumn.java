package fedbiomed.data.preprocessing;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One column that the model reads, and what is done to it: a column of numbers is one feature, one of categories a feature
 * for each of them.
 *
 * @param categories as they are written in the table, in the features' order; empty for a column of numbers
 * @param other whether one more feature, the last, stands for every value that is no declared category; without it such a
 *     value is an error
 * @param standardised whose moments a column of numbers is centred and scaled by; {@code null}: it is not
 */
public record InputColumn(
        String name,
        List<String> categories,
        boolean other,
        Fill fill,
        @Nullable StatisticsSource standardised) {
    /**
     * @throws FedbiomedException PLAN_INVALID for a constant that is none, fewer than two features of a column of categories,
     *     one category twice, or a mean or median of categories
     */
    public InputColumn {
        categories = List.copyOf(categories);
        if (categories.isEmpty()) {
            require(
                    fill.imputation() != Imputation.CONSTANT || Double.isFinite(fill.constant()),
                    "missing values of input '" + Text.shown(name) + "' cannot be imputed by " + fill.constant()
                            + "; name a finite constant");
        } else {
            requireCategories(name, categories, other, fill);
        }
    }

    /** A column of numbers. */
    public static InputColumn number(String name, Fill fill, @Nullable StatisticsSource standardised) {
        return new InputColumn(name, List.of(), false, fill, standardised);
    }

    /** A column of categories. */
    public static InputColumn oneHot(String name, List<String> categories, boolean other, Fill fill) {
        return new InputColumn(name, categories, other, fill, null);
    }

    private static void requireCategories(String name, List<String> categories, boolean other, Fill fill) {
        var column = "column '" + Text.shown(name) + "' ";
        require(
                categories.size() + (other ? 1 : 0) >= 2,
                column + "has " + categories.size() + " category, which is the same for every row; name two or more");
        require(
                new HashSet<>(categories).size() == categories.size(),
                column + "has one category twice; name each of them once");
        require(
                fill.imputation() != Imputation.MEAN && fill.imputation() != Imputation.MEDIAN,
                column + "holds categories, which have no " + fill.imputation()
                        + "; impute MOST_FREQUENT, or a category" + " as CONSTANT");
        if (fill.imputation() == Imputation.CONSTANT) {
            var category = fill.category();
            require(
                    category != null && (other || categories.contains(category)),
                    column + "is imputed by "
                            + (category == null ? "a number" : "'" + Text.shown(category) + "'")
                            + ", which is none of its categories; name one of them, e.g. .impute(\"" + Text.shown(name)
                            + "\", CONSTANT, \"" + Text.shown(categories.getFirst()) + "\")");
        }
    }

    public boolean isCategorical() {
        return !categories.isEmpty();
    }

    /** How many features it makes. */
    public int width() {
        return isCategorical() ? categories.size() + (other ? 1 : 0) : 1;
    }

    /** Whose moments it needs; {@code null}: it needs none. */
    @Nullable
    StatisticsSource momentsFrom() {
        if (isCategorical()) {
            return null;
        }
        if (standardised != null) {
            return standardised;
        }
        return fill.imputation() == Imputation.MEAN ? fill.source() : null;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new FedbiomedException(ErrorCode.PLAN_INVALID, otherwise);
        }
    }
}
