package fedbiomed.researcher.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import fedbiomed.protocol.home.HomeConfig;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A mapping of a YAML file, read by name and type. What is unknown or of another type is an error that says where. */
final class StrictKeys {
    /** YAML 1.1 takes {@code 1e-3} for a text; nobody means that. */
    private static final Pattern EXPONENT = Pattern.compile("[-+]?[0-9]+(\\.[0-9]*)?[eE][-+]?[0-9]+");

    private final String source;
    private final String path;
    private final JsonNode node;

    /** @param path of this mapping within the file; empty, or ending in a dot */
    StrictKeys(String source, String path, JsonNode node, String... known) {
        this.source = source;
        this.path = path;
        this.node = node;
        if (!node.isObject()) {
            throw problem((path.isEmpty() ? "the file" : "'" + path.substring(0, path.length() - 1) + "'")
                    + " must be keys with values");
        }
        for (var entry : node.properties()) {
            if (Arrays.stream(known).noneMatch(entry.getKey()::equals)) {
                throw problem("unknown key '" + path + Text.shown(entry.getKey()) + "'; the nearest known key is '"
                        + path + HomeConfig.nearest(entry.getKey(), List.of(known)) + "'");
            }
        }
    }

    StrictKeys inner(String key, String... known) {
        var value = get(key);
        return new StrictKeys(source, path + key + ".", value == null ? Json.MAPPER.createObjectNode() : value, known);
    }

    boolean has(String key) {
        return get(key) != null;
    }

    String text(String key) {
        var value = get(key);
        if (value == null || !value.isTextual() || value.asText().isBlank()) {
            throw wrong(key, "a text");
        }
        return value.asText();
    }

    long integer(String key) {
        var value = get(key);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(key, "a whole number");
        }
        return value.asLong();
    }

    int count(String key) {
        long value = integer(key);
        if (value < 1 || value > Integer.MAX_VALUE) {
            throw wrong(key, "a whole number of at least 1");
        }
        return (int) value;
    }

    double number(String key) {
        var value = get(key);
        if (value == null || !numeric(value).isNumber()) {
            throw wrong(key, "a number");
        }
        return numeric(value).asDouble();
    }

    boolean flag(String key) {
        var value = get(key);
        if (value == null || !value.isBoolean()) {
            throw wrong(key, "true or false");
        }
        return value.asBoolean();
    }

    /** A list of texts, or one text. */
    List<String> texts(String key) {
        var value = get(key);
        var texts = new ArrayList<String>();
        if (value == null) {
            return texts;
        }
        for (var item : value.isArray() ? value : List.of(value)) {
            if (!item.isTextual() && !item.isNumber()) {
                throw wrong(key, "a list of texts");
            }
            texts.add(item.asText());
        }
        return texts;
    }

    Args args(String key) {
        var value = get(key);
        if (value == null) {
            return Args.NONE;
        }
        if (!value.isObject()) {
            throw wrong(key, "keys with values");
        }
        return args(value);
    }

    private static Args args(JsonNode object) {
        var values = new TreeMap<String, Object>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (!entry.getValue().isNull()) {
                values.put(entry.getKey(), Json.MAPPER.convertValue(numeric(entry.getValue()), Object.class));
            }
        }
        return new Args(values);
    }

    /** A list whose items are each a name, or {@code {name: ..., others}}. */
    List<NamedArgs> eachNamed(String key) {
        var value = get(key);
        var each = new ArrayList<NamedArgs>();
        if (value == null) {
            return each;
        }
        if (!value.isArray()) {
            throw wrong(key, "a list, each item a name or keys with values");
        }
        for (var item : value) {
            if (item instanceof ObjectNode object && !object.has("name")) {
                throw wrong(key, "a list, each item with its 'name'");
            }
            each.add(named(key, item, ""));
        }
        return each;
    }

    /** {@code {name: ..., others}}, or the name alone, or (with a default name) the others alone. */
    NamedArgs named(String key, String defaultName) {
        var value = get(key);
        return value == null ? new NamedArgs(defaultName, Args.NONE) : named(key, value, defaultName);
    }

    private NamedArgs named(String key, JsonNode value, String defaultName) {
        if (value.isTextual()) {
            return new NamedArgs(value.asText(), Args.NONE);
        }
        if (!(value instanceof ObjectNode object)) {
            throw wrong(key, "a name, or keys with values");
        }
        var name = object.get("name");
        if (name != null && !name.isTextual()) {
            throw wrong(key + ".name", "a text");
        }
        return new NamedArgs(
                name == null ? defaultName : name.asText(),
                args(object.deepCopy().without("name")));
    }

    @Nullable
    JsonNode get(String key) {
        var value = node.get(key);
        return value == null || value.isNull() ? null : value;
    }

    private static JsonNode numeric(JsonNode value) {
        return value.isTextual() && EXPONENT.matcher(value.asText()).matches()
                ? Json.MAPPER.getNodeFactory().numberNode(Double.parseDouble(value.asText()))
                : value;
    }

    FedbiomedException wrong(String key, String expected) {
        var value = node.get(key);
        return problem("'" + path + key + "' must be " + expected
                + (value == null ? ", and is missing" : ", not " + Text.shown(value.toString())));
    }

    FedbiomedException problem(String what) {
        return new FedbiomedException(ErrorCode.BAD_MESSAGE, source + ": " + what);
    }
}
