package fedbiomed.node.yaml;

import fedbiomed.node.yaml.YamlLines.Mapping;
import fedbiomed.node.yaml.YamlLines.Nothing;
import fedbiomed.node.yaml.YamlLines.Scalar;
import fedbiomed.node.yaml.YamlLines.Sequence;
import fedbiomed.node.yaml.YamlLines.Value;
import fedbiomed.protocol.home.HomeConfig;
import fedbiomed.vocabulary.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Keys with values, of which all keys are known.
 *
 * @param path of the keys above with a dot behind, for errors; empty for the first ones
 */
public record YamlFields(Mapping node, String path) {
    /** @throws YamlProblem for a key that is not among {@code known}, naming the nearest */
    public static YamlFields of(Mapping node, String path, List<String> known) {
        requireKnown(node, path, known);
        return new YamlFields(node, path);
    }

    /** @throws YamlProblem for a key that is not among {@code known}, naming the nearest */
    public static void requireKnown(Mapping node, String path, List<String> known) {
        node.values().forEach((key, value) -> {
            if (!known.contains(key)) {
                throw new YamlProblem(
                        value.line(),
                        "unknown key '" + path + Text.shown(key) + "'; the nearest known key is '" + path
                                + HomeConfig.nearest(key, known) + "'");
            }
        });
    }

    /** @throws YamlProblem if it is missing or no text */
    public String text(String key, String form) {
        var text = find(key, form);
        if (text == null) {
            throw new YamlProblem(node.line(), "'" + path + key + "' is missing: " + form);
        }
        return text;
    }

    /** {@code null} where the key is not there. @throws YamlProblem if it is there and no text */
    public @Nullable String find(String key, String form) {
        var value = node.values().get(key);
        if (value == null) {
            return null;
        }
        if (value instanceof Scalar scalar) {
            return scalar.text();
        }
        throw wrong(key, value, form);
    }

    /** None where the key is not there. */
    public List<String> texts(String key, String form) {
        var value = node.values().get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof Sequence sequence)) {
            throw wrong(key, value, form);
        }
        return sequence.values().stream()
                .map(each -> {
                    if (each instanceof Scalar scalar) {
                        return scalar.text();
                    }
                    throw wrong(key, each, form);
                })
                .toList();
    }

    /** None where the key is not there; a key without a value has an empty text. */
    public SequencedMap<String, String> textsByKey(String key, String form) {
        var texts = new LinkedHashMap<String, String>();
        var value = node.values().get(key);
        if (value == null) {
            return texts;
        }
        if (!(value instanceof Mapping mapping)) {
            throw wrong(key, value, form);
        }
        mapping.values().forEach((name, each) -> {
            switch (each) {
                case Scalar scalar -> texts.put(name, scalar.text());
                case Nothing _ -> texts.put(name, "");
                case Mapping _, Sequence _ -> throw wrong(key + "." + Text.shown(name), each, form);
            }
        });
        return texts;
    }

    private YamlProblem wrong(String key, Value said, String form) {
        return new YamlProblem(
                said.line(),
                "'" + path + key + "' must be " + form + (said instanceof Nothing ? ", and there is nothing" : ""));
    }
}
