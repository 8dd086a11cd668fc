package fedbiomed.vocabulary;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Named arguments that a plan reads ({@code model_args}, {@code optimizer_args}): JSON values, read by type with a
 * default. An argument of another type than asked for is an error that names it, never a silent default.
 */
public record Args(@JsonValue Map<String, Object> values) {
    public static final Args NONE = new Args(Map.of());

    /** Longest as JSON, in bytes, that nodes accept: some hundred numbers, or a description of layers. */
    public static final int MAX_JSON_BYTES = 64 << 10;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Args {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public int integer(String name, int fallback) {
        var value = values.get(name);
        return switch (value) {
            case null -> fallback;
            case Integer i -> i;
            case Number n when n.doubleValue() == n.intValue() -> n.intValue();
            default -> throw wrong(name, value, "a whole number");
        };
    }

    public double real(String name, double fallback) {
        var value = values.get(name);
        return switch (value) {
            case null -> fallback;
            case Number n -> n.doubleValue();
            default -> throw wrong(name, value, "a number");
        };
    }

    public String text(String name, String fallback) {
        var value = values.get(name);
        return switch (value) {
            case null -> fallback;
            case String s -> s;
            default -> throw wrong(name, value, "a text");
        };
    }

    public boolean flag(String name, boolean fallback) {
        var value = values.get(name);
        return switch (value) {
            case null -> fallback;
            case Boolean b -> b;
            default -> throw wrong(name, value, "true or false");
        };
    }

    /**
     * As they are read back from JSON: whole numbers of any type as the narrowest that holds them, reals as binary64.
     *
     * @throws IllegalArgumentException if a value is none of JSON
     */
    public Args asRead() {
        try {
            return Json.MAPPER.readValue(Json.bytes(this), Args.class);
        } catch (IOException e) {
            throw new IllegalArgumentException("arguments are numbers, texts, true or false, and lists of them", e);
        }
    }

    /**
     * That they are no longer than {@link #MAX_JSON_BYTES}: requests wait in memory.
     *
     * @param name of these arguments, for the error
     * @throws FedbiomedException {@code BAD_MESSAGE} saying how long they are, and how long they may be
     */
    public Args requireModest(String name) {
        int bytes = Json.bytes(this).length;
        if (bytes > MAX_JSON_BYTES) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    name + " fill " + bytes + " bytes; at most " + MAX_JSON_BYTES
                            + " are accepted. Write constants into the plan, and weights into initial_model");
        }
        return this;
    }

    private static IllegalArgumentException wrong(String name, Object value, String expected) {
        return new IllegalArgumentException(
                "argument '" + name + "' must be " + expected + ", not " + Text.shown(String.valueOf(value)));
    }
}
