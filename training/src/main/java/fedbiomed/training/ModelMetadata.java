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

    /** @throws FedbiomedException {@code PARAMETERS_UNAVAILABLE} naming the entry that is missing or not readable */
    public static ModelMetadata of(Map<String, String> metadata) {
        var statistics = metadata.get(PREPROCESSING);
        try {
            return new ModelMetadata(
                    new PlanId(entry(metadata, PLAN_ID)),
                    entry(metadata, PLAN_CLASS),
                    read(MODEL_ARGS, entry(metadata, MODEL_ARGS), Args.class),
                    statistics == null ? null : read(PREPROCESSING, statistics, PreprocessingStatistics.class));
        } catch (IllegalArgumentException e) {
            throw broken(PLAN_ID, e);
        }
    }

    private static String entry(Map<String, String> metadata, String name) {
        var value = metadata.get(name);
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
                cause == null ? new IllegalArgumentException("null") : cause);
    }
}
