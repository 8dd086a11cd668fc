package fedbiomed.parameters;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of a safetensors header, as strictly as the reference implementation and more: valid UTF-8, no key
 * twice, no field that the format does not have, tensors that cover the data without hole or overlap.
 */
final class HeaderReader {
    /** Names are not interned or kept in a shared table: they come from a stranger. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(3)
                    .maxNameLength(Parameters.MAX_NAME_CHARS)
                    .maxStringLength(Header.MAX_BYTES)
                    .maxNumberLength(32)
                    .build())
            .build();

    private final HeaderProblem problem;

    HeaderReader(HeaderProblem problem) {
        this.problem = problem;
    }

    /** @param dataBytes size of the data that follows the header */
    Header read(ByteBuffer utf8, long dataBytes) {
        if (!utf8.hasRemaining() || utf8.get(utf8.position()) != '{') {
            throw problem.of("its header does not begin with '{'");
        }
        try (var parser = FACTORY.createParser(decode(utf8))) {
            expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "the header");
            var header = object(parser);
            if (parser.nextToken() != null) {
                throw problem.of("something follows its JSON header");
            }
            checkCoverage(header.entries(), dataBytes);
            return header;
        } catch (CharacterCodingException e) {
            throw problem.of("its header is not UTF-8", e);
        } catch (JsonProcessingException e) {
            var place = e.getLocation();
            throw problem.of(
                    "its header is not the JSON of the format (character "
                            + (place == null ? "unknown" : place.getCharOffset()) + ": "
                            + Text.shown(String.valueOf(e.getOriginalMessage())) + ")",
                    e);
        } catch (IOException e) {
            throw problem.of("its header is not readable", e);
        }
    }

    private static String decode(ByteBuffer utf8) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    }

    private Header object(JsonParser parser) throws IOException {
        var entries = new ArrayList<Header.Entry>();
        Map<String, String> metadata = Map.of();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            if (name.equals(Parameters.RESERVED_NAME)) {
                metadata = metadata(parser);
            } else if (entries.size() == Header.MAX_TENSORS) {
                throw problem.of("it has more than " + Header.MAX_TENSORS + " tensors");
            } else {
                entries.add(entry(parser, name));
            }
        }
        return new Header(entries, metadata);
    }

    private Map<String, String> metadata(JsonParser parser) throws IOException {
        expect(parser, parser.nextToken(), JsonToken.START_OBJECT, Parameters.RESERVED_NAME);
        var metadata = new LinkedHashMap<String, String>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var key = parser.currentName();
            expect(parser, parser.nextToken(), JsonToken.VALUE_STRING, "a value of " + Parameters.RESERVED_NAME);
            metadata.put(key, parser.getText());
        }
        return metadata;
    }

    private Header.Entry entry(JsonParser parser, String name) throws IOException {
        expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "tensor '" + Text.shown(name) + "'");
        @Nullable DType dtype = null;
        long @Nullable [] shape = null;
        long @Nullable [] offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "dtype" -> dtype = dtype(parser, name);
                case "shape" -> shape = longs(parser, name, field, Tensor.MAX_RANK);
                case "data_offsets" -> offsets = longs(parser, name, field, 2);
                default ->
                    throw problem.ofTensor(name, "has a field that the format lacks, '" + Text.shown(field) + "'");
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
            throw problem.ofTensor(name, "lacks one of dtype, shape and two data_offsets");
        }
        return checked(name, dtype, shape, offsets[0], offsets[1]);
    }

    private Header.Entry checked(String name, DType dtype, long[] shape, long begin, long end) {
        long elements;
        try {
            elements = Tensor.elements(shape);
        } catch (IllegalArgumentException e) {
            throw problem.of("tensor '" + Text.shown(name) + "': " + e.getMessage(), e);
        }
        if (begin < 0 || end < begin) {
            throw problem.ofTensor(name, "has data_offsets [" + begin + ", " + end + "]");
        }
        long bytes = end - begin;
        if (bytes % dtype.bytes() != 0 || bytes / dtype.bytes() != elements) {
            throw problem.ofTensor(
                    name, "is " + dtype + Arrays.toString(shape) + ", but its data_offsets span " + bytes + " bytes");
        }
        return new Header.Entry(name, dtype, shape, begin, end);
    }

    private DType dtype(JsonParser parser, String tensor) throws IOException {
        expect(parser, parser.currentToken(), JsonToken.VALUE_STRING, "the dtype of '" + Text.shown(tensor) + "'");
        var name = parser.getText();
        for (var dtype : DType.values()) {
            if (dtype.name().equals(name)) {
                return dtype;
            }
        }
        throw problem.ofTensor(
                tensor, "has the dtype '" + Text.shown(name) + "'; known are " + Arrays.toString(DType.values()));
    }

    private long[] longs(JsonParser parser, String tensor, String field, int most) throws IOException {
        expect(parser, parser.currentToken(), JsonToken.START_ARRAY, field + " of '" + Text.shown(tensor) + "'");
        var values = new long[most];
        int n = 0;
        for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            expect(parser, token, JsonToken.VALUE_NUMBER_INT, field + " of '" + Text.shown(tensor) + "'");
            if (n == most) {
                throw problem.ofTensor(tensor, "has more than " + most + " numbers in " + field);
            }
            values[n++] = parser.getLongValue();
        }
        return Arrays.copyOf(values, n);
    }

    private void expect(JsonParser parser, @Nullable JsonToken got, JsonToken wanted, String what) {
        if (got != wanted) {
            throw problem.of(what + " should be " + described(wanted) + " but is "
                    + (got == null ? "cut off" : described(got)) + " (character "
                    + parser.currentTokenLocation().getCharOffset() + ")");
        }
    }

    private static String described(JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT -> "a whole number";
            default -> "something else";
        };
    }

    /** The tensors lie one after the other from the first byte of the data to the last, in whatever order. */
    private void checkCoverage(List<Header.Entry> entries, long dataBytes) {
        var byPlace = new ArrayList<>(entries);
        byPlace.sort(Comparator.comparingLong(Header.Entry::begin).thenComparingLong(Header.Entry::end));
        long position = 0;
        for (var entry : byPlace) {
            if (entry.begin() != position) {
                throw problem.ofTensor(
                        entry.name(),
                        (entry.begin() < position ? "overlaps another" : "leaves a hole before it")
                                + ": it begins at byte " + entry.begin() + " of the data, not at " + position);
            }
            position = entry.end();
        }
        if (position != dataBytes) {
            throw problem.of("its tensors take " + position + " bytes, but " + dataBytes + " follow the header");
        }
    }
}
