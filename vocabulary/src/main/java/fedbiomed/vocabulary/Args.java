package fedbiomed.vocabulary;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Named arguments that a plan reads ({@code model_args}, {@code optimizer_args}): JSON values, read by type with a
 * default. An argument of another type than asked for is an error that names it, never a silent default.
 */
public record Args(@JsonValue Map<String, Object> values) {
    public static final Args NONE = new Args(Map.of());

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

    private static IllegalArgumentException wrong(String name, Object value, String expected) {
        return new IllegalArgumentException(
                "argument '" + name + "' must be " + expected + ", not " + Text.shown(String.valueOf(value)));
    }
}
