package fedbiomed.data.loading;

import com.fasterxml.jackson.annotation.JsonIgnore;
import fedbiomed.data.tabular.MissingValues;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A column, array or modality as the federation agreed to have it.
 *
 * @param name the agreed one
 * @param from the node's own name
 * @param values agreed values by the node's own, as they are written, white space around them apart; an empty text is a
 *     missing value, and a missing value stays one. None: values are taken as they are
 * @param otherValues {@code null} where there are no values
 */
public record LoadedColumn(
        String name,
        String from,
        SortedMap<String, String> values,
        @Nullable OtherValues otherValues) {
    static final int MAX_NAME_CHARS = 200;
    private static final int MAX_VALUES = 10_000;
    private static final int MAX_VALUE_CHARS = 1000;

    /** @throws FedbiomedException DATA_UNFIT for names or values that cannot be, naming the column */
    public LoadedColumn(
            String name, String from, @Nullable SortedMap<String, String> values, @Nullable OtherValues otherValues) {
        if (!name.equals(from)) {
            requireName(name);
        }
        this.name = name;
        this.from = from;
        this.values = values == null ? Collections.emptySortedMap() : Collections.unmodifiableSortedMap(sound(values));
        this.otherValues = otherValues;
        if (this.values.isEmpty() != (otherValues == null)) {
            throw problem(
                    this.values.isEmpty()
                            ? "other values are spoken of, but no value is recoded"
                            : "values are recoded, but what becomes of others is not said: kept or refused");
        }
    }

    /** Under the agreed name, as it is. */
    public static LoadedColumn of(String name, String from) {
        return new LoadedColumn(name, from, Collections.emptySortedMap(), null);
    }

    private static void requireName(String name) {
        if (name.isBlank()
                || name.length() > MAX_NAME_CHARS
                || !name.equals(name.strip())
                || !name.equals(Text.shown(name, MAX_NAME_CHARS))) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "a column's name is 1 to " + MAX_NAME_CHARS
                            + " characters on one line, without spaces around it, not '" + Text.shown(name) + "'");
        }
    }

    private TreeMap<String, String> sound(Map<String, String> values) {
        if (values.size() > MAX_VALUES) {
            throw problem(values.size() + " values are recoded; at most " + MAX_VALUES + " are allowed");
        }
        var sound = new TreeMap<String, String>();
        values.forEach((own, agreed) -> {
            var key = own.strip();
            var value = agreed.strip();
            if (MissingValues.isMissing(key)) {
                throw problem(
                        "'" + key + "' stands for a missing value, which cannot be recoded; impute it in the plan");
            }
            if (key.length() > MAX_VALUE_CHARS || value.length() > MAX_VALUE_CHARS) {
                throw problem("a value is longer than " + MAX_VALUE_CHARS + " characters");
            }
            if (sound.put(key, MissingValues.isMissing(value) ? "" : value) != null) {
                throw problem("the value '" + Text.shown(key) + "' is recoded twice");
            }
        });
        return sound;
    }

    @JsonIgnore
    public boolean isRenamed() {
        return !name.equals(from);
    }

    @JsonIgnore
    public boolean isRecoded() {
        return !values.isEmpty();
    }

    /**
     * Agreed values for the node's own.
     *
     * @param own a value a sample; {@code null} where one is missing
     * @throws FedbiomedException DATA_UNFIT if others are refused and there are some: how many, and where the first
     *     stands, not what it is
     */
    public @Nullable String[] recoded(@Nullable String[] own) {
        var recoded = new @Nullable String[own.length];
        var recoding = recoding();
        for (int i = 0; i < own.length; i++) {
            recoded[i] = recoding.apply(own[i]);
        }
        recoding.requireKnown();
        return recoded;
    }

    /** As {@link #recoded}, for one value after the other. */
    public Recoding recoding() {
        return new Recoding();
    }

    /** Agreed values for the node's own, which are counted. */
    public final class Recoding implements UnaryOperator<@Nullable String> {
        private int samples;
        private int others;
        private int first;

        @Override
        public @Nullable String apply(@Nullable String value) {
            samples++;
            var agreed = value == null ? "" : values.get(value.strip());
            if (agreed != null) {
                return agreed.isEmpty() ? null : agreed;
            }
            first = others == 0 ? samples : first;
            others++;
            return value;
        }

        /** After the last. @throws FedbiomedException as {@link #recoded} */
        public void requireKnown() {
            if (others > 0 && otherValues == OtherValues.REFUSED) {
                throw problem(others + " of " + samples
                        + " samples have a value that the loading plan does not recode (the first is sample " + first
                        + "); add these values to the plan, correct them, or let others be kept");
            }
        }
    }

    private FedbiomedException problem(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, "column '" + Text.shown(name) + "': " + what);
    }
}
