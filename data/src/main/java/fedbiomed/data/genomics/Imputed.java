package fedbiomed.data.genomics;

import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** A matrix of samples by features (variants, genes) whose missing values are refused, NaN, or the feature's mean. */
final class Imputed {
    static final String MISSING = "missing";
    static final String EXPLAINED =
            "refuse (without it), mean (of this dataset's samples) or nan: values that are missing";
    private static final int NAMES_SHOWN = 5;

    /** The matrix as its file has it. */
    interface Values {
        /** NaN if it is missing. */
        float value(int sample, int feature);
    }

    private final Values values;
    /** Of each feature what stands for a missing value. */
    private final float[] fill;

    private final long incomplete;

    private Imputed(Values values, float[] fill, long incomplete) {
        this.values = values;
        this.fill = fill;
        this.incomplete = incomplete;
    }

    /**
     * @param samples those that are in the dataset: the means are over them, held-out ones included
     * @param name of a feature, for errors
     * @throws FedbiomedException DATA_UNFIT if values are missing that may not be, naming features and counts
     */
    static Imputed of(
            Values values, int[] samples, int features, IntFunction<String> name, SortedMap<String, String> settings) {
        var rule = Choice.of(settings, MISSING, "refuse", "mean", "nan");
        var fill = new float[features];
        long missing = 0;
        var affected = new ArrayList<String>();
        int count = 0;
        for (int feature = 0; feature < features; feature++) {
            double sum = 0;
            int held = 0;
            for (int sample : samples) {
                float value = values.value(sample, feature);
                if (!Float.isNaN(value)) {
                    sum += value;
                    held++;
                }
            }
            missing += samples.length - held;
            fill[feature] = rule.equals("mean") && held > 0 ? (float) (sum / held) : Float.NaN;
            if (held < samples.length && (rule.equals("refuse") || rule.equals("mean") && held == 0)) {
                count++;
                if (affected.size() < NAMES_SHOWN) {
                    affected.add(Text.shown(name.apply(feature), 60));
                }
            }
        }
        if (count > 0) {
            throw Choice.unfit(missing + " of " + (long) features * samples.length + " values are missing, "
                    + (rule.equals("mean") ? "and there is no mean, since no sample has one, of " : "those of ")
                    + shown(affected, count)
                    + (rule.equals("mean")
                            ? "; leave these out"
                            : "; leave these out, or set '" + MISSING
                                    + "' to mean (or to nan, if the plan knows what to do" + " with it)"));
        }
        return new Imputed(values, fill, rule.equals("nan") ? incomplete(values, samples, features) : 0);
    }

    private static long incomplete(Values values, int[] samples, int features) {
        return IntStream.of(samples)
                .filter(sample -> IntStream.range(0, features).anyMatch(i -> Float.isNaN(values.value(sample, i))))
                .count();
    }

    /** How many samples have NaN left in them. */
    long incomplete() {
        return incomplete;
    }

    static String shown(List<String> names, int count) {
        return String.join(", ", names) + (count > names.size() ? " and " + (count - names.size()) + " more" : "");
    }

    /** Writes a sample's values: F32 {@code [features]}. */
    void read(int sample, MemorySegment into) {
        for (int i = 0; i < fill.length; i++) {
            float value = values.value(sample, i);
            into.set(ValueLayout.JAVA_FLOAT_UNALIGNED, (long) Float.BYTES * i, Float.isNaN(value) ? fill[i] : value);
        }
    }
}
