package fedbiomed.node.yaml;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A YAML text as values that know their line, so that what is wrong with one can be found. */
public final class YamlLines {
    private static final int MAX_DEPTH = 8;

    public sealed interface Value {
        int line();
    }

    /** A word, number or truth as it is written. */
    public record Scalar(int line, String text) implements Value {}

    public record Sequence(int line, List<Value> values) implements Value {}

    public record Mapping(int line, Map<String, Value> values) implements Value {}

    /** {@code key:} with nothing behind it. */
    public record Nothing(int line) implements Value {}

    private final YAMLParser parser;

    private YamlLines(YAMLParser parser) {
        this.parser = parser;
    }

    /**
     * @param ifEmpty what follows where it says nothing
     * @param example a key with a value
     * @throws YamlProblem if it is not YAML, or not keys with values
     */
    public static Mapping read(String text, String ifEmpty, String example) {
        var factory = YAMLFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(MAX_DEPTH)
                        .build())
                .build();
        try (var parser = factory.createParser(text)) {
            var token = parser.nextToken();
            if (token == null || token == JsonToken.VALUE_NULL) {
                throw new YamlProblem(1, "the file says nothing" + ifEmpty);
            }
            if (token != JsonToken.START_OBJECT) {
                throw new YamlProblem(line(parser), "the file must be keys with values, such as " + example);
            }
            var all = new YamlLines(parser).mapping(line(parser));
            if (parser.nextToken() != null) {
                throw new YamlProblem(line(parser), "the file has a second document (---); write one");
            }
            return all;
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new YamlProblem(line, "this is not YAML: " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** @throws YamlProblem as above, or if the file cannot be read */
    public static Mapping read(Path file, int maxBytes, String example) {
        try {
            return read(text(AtomicFiles.readBounded(file, maxBytes)), "", example);
        } catch (NoSuchFileException e) {
            throw new YamlProblem(0, "there is no such file");
        } catch (IOException e) {
            throw new YamlProblem(0, "the file cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    /** @throws YamlProblem if it is no text in UTF-8 */
    public static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new YamlProblem(0, "the file is no UTF-8 text");
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
                throw new YamlProblem(at, "the key '" + Text.shown(key) + "' is there twice; keep one");
            }
        }
        return new Mapping(line, values);
    }

    private Value value(JsonToken token, int keyLine) throws IOException {
        if (parser.isCurrentAlias() || parser.getTypeId() != null || parser.getObjectId() != null) {
            throw new YamlProblem(
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
