package fedbiomed.node.policy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A YAML text as values that know their line, so that what is wrong with one can be found. */
final class YamlLines {
    private static final int MAX_DEPTH = 8;

    sealed interface Value {
        int line();
    }

    /** A word, number or truth as it is written. */
    record Scalar(int line, String text) implements Value {}

    record Sequence(int line, List<Value> values) implements Value {}

    record Mapping(int line, Map<String, Value> values) implements Value {}

    /** {@code key:} with nothing behind it. */
    record Nothing(int line) implements Value {}

    private final YAMLParser parser;

    private YamlLines(YAMLParser parser) {
        this.parser = parser;
    }

    /** @throws PolicyProblem if it is not YAML, or not keys with values */
    static Mapping read(String text) {
        var factory = YAMLFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .build();
        try (var parser = factory.createParser(text)) {
            var token = parser.nextToken();
            if (token == null || token == JsonToken.VALUE_NULL) {
                throw new PolicyProblem(1, "the file says nothing; a node without policy.yaml works by the defaults");
            }
            if (token != JsonToken.START_OBJECT) {
                throw new PolicyProblem(line(parser), "the file must be keys with values, such as metrics_leave: true");
            }
            var all = new YamlLines(parser).mapping(line(parser));
            if (parser.nextToken() != null) {
                throw new PolicyProblem(line(parser), "the file has a second document (---); write one");
            }
            return all;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new PolicyProblem(line, "this is not YAML: " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String firstLine(String message) {
        return Text.shown(message.lines().findFirst().orElse("it cannot be read"), 200);
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }

    private Mapping mapping(int line) throws IOException {
        var values = new LinkedHashMap<String, Value>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var key = parser.currentName();
            int at = line(parser);
            var token = parser.nextToken();
            var value = value(token, at);
            if (values.put(key, value) != null) {
                throw new PolicyProblem(at, "the key '" + Text.shown(key) + "' is there twice; keep one");
            }
        }
        return new Mapping(line, values);
    }

    private Value value(JsonToken token, int keyLine) throws IOException {
        if (parser.isCurrentAlias() || parser.getTypeId() != null || parser.getObjectId() != null) {
            throw new PolicyProblem(
                    keyLine, "YAML's anchors, aliases and tags (&, *, !) are not used here; write it out");
        }
        return switch (token) {
            case START_OBJECT -> mapping(keyLine);
            case START_ARRAY -> sequence(keyLine);
            case VALUE_NULL -> new Nothing(keyLine);
            default -> parser.getText().isEmpty() ? new Nothing(keyLine) : new Scalar(line(parser), parser.getText());
        };
    }

    private Sequence sequence(int line) throws IOException {
        var values = new ArrayList<Value>();
        for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            values.add(value(token, line(parser)));
        }
        return new Sequence(line, values);
    }
}
