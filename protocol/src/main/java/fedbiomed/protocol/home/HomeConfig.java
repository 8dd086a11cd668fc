package fedbiomed.protocol.home;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.EnumFeature;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A party's {@code config.yaml} as a record: keys are the record's components in {@code snake_case}, records within
 * are nested keys. What the file does not say has its default, and the environment overrides the file: the key
 * {@code broker.kind} under the prefix {@code FEDBIOMED_NETWORK} is {@code FEDBIOMED_NETWORK_BROKER_KIND} (lists with
 * commas). An unknown key is an error that names the nearest known one. Durations are written as in
 * {@link DurationText}, sizes as in {@link DataSize}, enum constants in lower case.
 */
public final class HomeConfig<T extends Record> {
    public static final String FILE = "config.yaml";
    private static final int MAX_FILE_BYTES = 1 << 20;

    private final String environmentPrefix;
    private final T defaults;
    private final YAMLMapper mapper = mapper();

    private HomeConfig(String environmentPrefix, T defaults) {
        this.environmentPrefix = environmentPrefix;
        this.defaults = defaults;
    }

    /** @param environmentPrefix without the trailing underscore, e.g. {@code FEDBIOMED_NODE} */
    public static <T extends Record> HomeConfig<T> of(String environmentPrefix, T defaults) {
        return new HomeConfig<>(environmentPrefix, defaults);
    }

    /**
     * The settings of {@code home}: defaults, then its {@code config.yaml} if there is one, then {@code environment}.
     *
     * @throws FedbiomedException for an unknown key or a value that does not fit; it names file or variable, and key
     */
    public T read(Path home, Map<String, String> environment) {
        var file = home.resolve(FILE);
        var tree = tree(defaults);
        try {
            if (Files.exists(file)) {
                var text = new String(AtomicFiles.readBounded(file, MAX_FILE_BYTES), StandardCharsets.UTF_8);
                overlay(tree, mapper.readTree(text), defaults.getClass(), "", file);
            }
        } catch (JsonProcessingException e) {
            throw new FedbiomedException(ErrorCode.BAD_MESSAGE, file + " is not YAML: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new FedbiomedException(ErrorCode.INTERNAL, "cannot read " + file + ": " + e.getMessage(), e);
        }
        override(tree, defaults.getClass(), environmentPrefix, environment);
        return value(tree, file);
    }

    /** Writes {@code config.yaml} with every key, its value and its explanation. */
    public void write(Path home, T values) throws IOException {
        AtomicFiles.write(home.resolve(FILE), documented(values).getBytes(StandardCharsets.UTF_8));
    }

    /** The text that {@link #write} writes. */
    public String documented(T values) {
        var text = new StringBuilder();
        text.append("# Every setting with its value. The environment overrides a setting: ")
                .append(environmentPrefix)
                .append("_KEY,\n# nested keys joined by underscores.\n");
        document(text, values.getClass(), tree(values), "");
        return text.toString();
    }

    private void document(StringBuilder text, Class<?> type, ObjectNode tree, String indent) {
        for (var component : type.getRecordComponents()) {
            if (component.isAnnotationPresent(Retired.class)) {
                continue;
            }
            var explained = component.getAnnotation(Explained.class);
            if (explained != null) {
                explained
                        .value()
                        .lines()
                        .forEach(line ->
                                text.append(indent).append("# ").append(line).append('\n'));
            }
            var key = key(component);
            var node = tree.get(key);
            text.append(indent).append(key).append(':');
            if (node instanceof ObjectNode inner && component.getType().isRecord()) {
                text.append('\n');
                document(text, component.getType(), inner, indent + "  ");
            } else {
                // JSON is YAML, and on one line
                text.append(' ')
                        .append(node.isTextual() && plain(node.asText()) ? node.asText() : node.toString())
                        .append('\n');
            }
        }
    }

    private static boolean plain(String text) {
        return text.matches("[a-zA-Z][a-zA-Z0-9./_-]*") && !text.matches("(?i)true|false|yes|no|on|off|null|y|n")
                || text.matches("[0-9]+ [KMGT]?i?B")
                || text.matches("[0-9]+(ms|s|m|h|d)");
    }

    private void overlay(ObjectNode tree, @Nullable JsonNode said, Class<?> type, String path, Path file) {
        if (said == null || said.isMissingNode() || said.isNull()) {
            return;
        }
        if (!said.isObject()) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    file + ": " + (path.isEmpty() ? "the file" : "'" + path + "'") + " must be keys with values");
        }
        for (var entry : said.properties()) {
            var component = component(type, entry.getKey(), path, file);
            if (component.getType().isRecord() && tree.get(entry.getKey()) instanceof ObjectNode inner) {
                overlay(inner, entry.getValue(), component.getType(), path + entry.getKey() + ".", file);
            } else if (!entry.getValue().isNull()) {
                tree.set(entry.getKey(), entry.getValue());
            }
        }
    }

    private static RecordComponent component(Class<?> type, String key, String path, Path file) {
        var components = type.getRecordComponents();
        return Arrays.stream(components)
                .filter(c -> key(c).equals(key))
                .findFirst()
                .orElseThrow(() -> {
                    var nearest = nearest(
                            key, Arrays.stream(components).map(HomeConfig::key).toList());
                    return new FedbiomedException(
                            ErrorCode.BAD_MESSAGE,
                            file + ": unknown key '" + path + Text.shown(key) + "'; the nearest known key is '" + path
                                    + nearest + "'");
                });
    }

    private void override(ObjectNode tree, Class<?> type, String prefix, Map<String, String> environment) {
        for (var component : type.getRecordComponents()) {
            var key = key(component);
            var name = prefix + "_" + key.toUpperCase(Locale.ROOT);
            if (component.getType().isRecord() && tree.get(key) instanceof ObjectNode inner) {
                override(inner, component.getType(), name, environment);
                continue;
            }
            var said = environment.get(name);
            if (said == null) {
                continue;
            }
            if (List.class.isAssignableFrom(component.getType())) {
                var list = tree.putArray(key);
                Arrays.stream(said.split(","))
                        .map(String::strip)
                        .filter(s -> !s.isEmpty())
                        .forEach(list::add);
            } else {
                tree.put(key, said);
            }
        }
    }

    @SuppressWarnings("unchecked") // the class of defaults is T's
    private T value(ObjectNode tree, Path file) {
        try {
            return (T) mapper.treeToValue(tree, defaults.getClass());
        } catch (JsonMappingException e) {
            var key = String.join(
                    ".",
                    e.getPath().stream()
                            .map(r -> String.valueOf(r.getFieldName()))
                            .toList());
            var reason =
                    e.getCause() == null ? e.getOriginalMessage() : e.getCause().getMessage();
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    file + " (or the environment): the setting '" + key + "' does not fit: " + reason,
                    e);
        } catch (JsonProcessingException e) {
            throw new FedbiomedException(ErrorCode.BAD_MESSAGE, file + ": " + e.getOriginalMessage(), e);
        }
    }

    private ObjectNode tree(T value) {
        return mapper.valueToTree(value);
    }

    private static String key(RecordComponent component) {
        return PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(component.getName());
    }

    /** Which of {@code known} somebody most likely meant who wrote {@code word}. */
    public static String nearest(String word, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(candidate -> distance(candidate, Text.shown(word))))
                .orElse("");
    }

    /** Levenshtein's: how many letters to change, add or take away. */
    private static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    private static YAMLMapper mapper() {
        var durations = new SimpleModule()
                .addSerializer(new StdScalarSerializer<Duration>(Duration.class) {
                    @Override
                    public void serialize(
                            Duration value, com.fasterxml.jackson.core.JsonGenerator out, SerializerProvider provider)
                            throws IOException {
                        out.writeString(DurationText.of(value));
                    }
                })
                .addDeserializer(Duration.class, new StdScalarDeserializer<Duration>(Duration.class) {
                    @Override
                    public Duration deserialize(JsonParser in, DeserializationContext context) throws IOException {
                        try {
                            return DurationText.parse(in.getText());
                        } catch (IllegalArgumentException e) {
                            throw JsonMappingException.from(in, String.valueOf(e.getMessage()), e);
                        }
                    }
                });
        return YAMLMapper.builder(YAMLFactory.builder()
                        .disable(YAMLGenerator.Feature.SPLIT_LINES)
                        .build())
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .addModule(durations)
                .build();
    }
}
