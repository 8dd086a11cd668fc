package fedbiomed.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** JSON that says what nobody expects: bytes changed, cut or moved, or whole JSON with another value at some place. */
public final class DamagedJson {
    private static final List<JsonNode> VALUES = List.of(
            NullNode.getInstance(),
            BooleanNode.TRUE,
            IntNode.valueOf(0),
            IntNode.valueOf(-1),
            LongNode.valueOf(Long.MAX_VALUE),
            LongNode.valueOf(Long.MIN_VALUE),
            BigIntegerNode.valueOf(BigInteger.ONE.shiftLeft(64)),
            DoubleNode.valueOf(0.5),
            DecimalNode.valueOf(new BigDecimal("1e999")),
            TextNode.valueOf(""),
            TextNode.valueOf("\0\u202E\uD800"),
            TextNode.valueOf("../../etc/passwd"),
            TextNode.valueOf("x".repeat(5_000)),
            TextNode.valueOf("-1"),
            JsonNodeFactory.instance.arrayNode(),
            JsonNodeFactory.instance.arrayNode().addNull(),
            JsonNodeFactory.instance.objectNode(),
            deep());

    private DamagedJson() {}

    private static JsonNode deep() {
        JsonNode node = NullNode.getInstance();
        for (int i = 0; i < 200; i++) {
            node = JsonNodeFactory.instance.arrayNode().add(node);
        }
        return node;
    }

    /** Where a value stands: a field's name, or an index. */
    private record Place(JsonNode parent, Object key) {}

    public static byte[] of(byte[] valid, SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> withBytes(valid, random);
            case 1 -> Arrays.copyOf(valid, random.nextInt(valid.length));
            case 2 -> withStretchMoved(valid, random);
            default -> withValues(valid, random);
        };
    }

    private static byte[] withBytes(byte[] valid, SplittableRandom random) {
        var bytes = valid.clone();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static byte[] withStretchMoved(byte[] valid, SplittableRandom random) {
        var bytes = valid.clone();
        int length = 1 + random.nextInt(Math.min(60, valid.length - 1));
        System.arraycopy(
                valid,
                random.nextInt(valid.length - length + 1),
                bytes,
                random.nextInt(valid.length - length + 1),
                length);
        return bytes;
    }

    private static byte[] withValues(byte[] valid, SplittableRandom random) {
        try {
            var root = Json.MAPPER.readTree(valid);
            for (int i = 1 + random.nextInt(2); i > 0; i--) {
                var places = new ArrayList<Place>();
                collect(root, places);
                if (!places.isEmpty()) {
                    replace(places.get(random.nextInt(places.size())), places, random);
                }
            }
            return Json.MAPPER.writeValueAsBytes(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void collect(JsonNode node, List<Place> places) {
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            places.add(new Place(node, i));
        }
        node.fieldNames().forEachRemaining(name -> places.add(new Place(node, name)));
        node.forEach(child -> collect(child, places));
    }

    private static void replace(Place place, List<Place> places, SplittableRandom random) {
        int what = random.nextInt(VALUES.size() + 6);
        var other = places.get(random.nextInt(places.size()));
        var value = what < VALUES.size() ? VALUES.get(what) : at(other);
        switch (place.parent()) {
            case ObjectNode object when what == VALUES.size() -> object.remove((String) place.key());
            case ObjectNode object -> object.set((String) place.key(), value.deepCopy());
            case ArrayNode array when what == VALUES.size() -> array.remove((int) place.key());
            case ArrayNode array -> array.set((int) place.key(), value.deepCopy());
            default -> throw new IllegalStateException("only these hold others");
        }
    }

    private static JsonNode at(Place place) {
        return place.key() instanceof String name
                ? place.parent().path(name)
                : place.parent().path((int) place.key());
    }
}
