package fedbiomed.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a model's file says of itself (safetensors {@code __metadata__}), so that it can predict on its own.
 *
 * @param preprocessing the run's combined statistics; {@code null} where the plan needs none
 */
public record ModelMetadata(
        PlanId planId,
        String planClass,
        Args modelArgs,
        @Nullable PreprocessingStatistics preprocessing) {
    public static final String PLAN_ID = "fedbiomed.plan_id";
    public static final String PLAN_CLASS = "fedbiomed.plan_class";
    public static final String MODEL_ARGS = "fedbiomed.model_args";
    public static final String PREPROCESSING = "fedbiomed.preprocessing";

    /** A class's name; it is shown to people. */
    private static final Pattern CLASS_NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]{0,199}");
    /** Longest entry that is read, in characters: the statistics of all columns that a plan can ask for. */
    private static final int MAX_ENTRY_CHARS = 16 << 20;

    /** {@code others} with these entries put in (or, where there are no statistics, left out). */
    public Map<String, String> over(Map<String, String> others) {
        var all = new TreeMap<>(others);
        all.put(PLAN_ID, planId.value());
        all.put(PLAN_CLASS, planClass);
        all.put(MODEL_ARGS, Json.text(modelArgs));
        if (preprocessing == null) {
            all.remove(PREPROCESSING);
        } else {
            all.put(PREPROCESSING, Json.text(preprocessing));
        }
        return all;
    }

    /**
     * Reads what a file says, which may come from anywhere.
     *
     * @throws FedbiomedException {@code PARAMETERS_UNAVAILABLE} naming the entry that is missing, too long or not readable
     */
    public static ModelMetadata of(Map<String, String> metadata) {
        var planClass = entry(metadata, PLAN_CLASS);
        if (!CLASS_NAME.matcher(planClass).matches()) {
            throw broken(PLAN_CLASS, null);
        }
        return new ModelMetadata(planId(metadata), planClass, modelArgs(metadata), preprocessing(metadata));
    }

    private static PlanId planId(Map<String, String> metadata) {
        try {
            return new PlanId(entry(metadata, PLAN_ID));
        } catch (IllegalArgumentException e) {
            throw broken(PLAN_ID, e);
        }
    }

    private static Args modelArgs(Map<String, String> metadata) {
        var args = read(MODEL_ARGS, entry(metadata, MODEL_ARGS), Args.class);
        try {
            return args.requireModest(MODEL_ARGS);
        } catch (FedbiomedException e) {
            throw broken(MODEL_ARGS, e);
        }
    }

    private static @Nullable PreprocessingStatistics preprocessing(Map<String, String> metadata) {
        if (!metadata.containsKey(PREPROCESSING)) {
            return null;
        }
        var statistics = read(PREPROCESSING, entry(metadata, PREPROCESSING), PreprocessingStatistics.class);
        if (!SoundStatistics.are(statistics)) {
            throw broken(PREPROCESSING, null);
        }
        return statistics;
    }

    private static String entry(Map<String, String> metadata, String name) {
        var value = metadata.get(name);
        if (value != null && value.length() > MAX_ENTRY_CHARS) {
            throw broken(name, null);
        }
        if (value == null) {
            throw new FedbiomedException(
                    ErrorCode.PARAMETERS_UNAVAILABLE,
                    "the model's metadata has no '" + name + "'; use a model that this program saved");
        }
        return value;
    }

    private static <T> T read(String name, String json, Class<T> type) {
        try {
            var value = Json.MAPPER.readValue(json, type);
            if (value == null) {
                throw broken(name, null);
            }
            return value;
        } catch (JsonProcessingException e) {
            throw broken(name, e);
        }
    }

    private static FedbiomedException broken(String name, @Nullable Exception cause) {
        return new FedbiomedException(
                ErrorCode.PARAMETERS_UNAVAILABLE,
                "the model's metadata '" + name + "' cannot be read; use a model that this program saved",
                cause == null ? new IllegalArgumentException("not what this program writes") : cause);
    }
}
