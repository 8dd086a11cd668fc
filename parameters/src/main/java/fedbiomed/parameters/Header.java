package fedbiomed.parameters;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A safetensors header: where each tensor lies in the data that follows it, and the metadata.
 *
 * @param entries in the header's order
 */
record Header(List<Entry> entries, Map<String, String> metadata) {
    static final int LENGTH_BYTES = 8;
    /**
     * Longest header that is read or written. The reference allows 100 MB; a model of a thousand layers has 200 kB, and
     * the header is the one part of a file that is copied to the heap.
     */
    static final int MAX_BYTES = 16 << 20;
    /** Most tensors in a file: the largest language models have about 50,000. */
    static final int MAX_TENSORS = 100_000;

    /** The data starts at a multiple of this, as the reference writes it. */
    private static final int ALIGNMENT_BYTES = 8;

    /**
     * One tensor.
     *
     * @param begin first byte of the tensor, counted from the end of the header; {@code end} is the byte after it
     */
    @SuppressWarnings("ArrayRecordComponent") // a shape, never compared
    record Entry(String name, DType dtype, long[] shape, long begin, long end) {}

    static Header of(Parameters parameters) {
        var entries = new ArrayList<Entry>();
        long position = 0;
        for (var named : parameters.tensors().entrySet()) {
            var tensor = named.getValue();
            long end = position + tensor.sizeBytes();
            entries.add(new Entry(named.getKey(), tensor.dtype(), tensor.shape(), position, end));
            position = end;
        }
        return new Header(entries, parameters.metadata());
    }

    /** The file's beginning: the header's length, and its JSON padded with spaces. */
    byte[] encode() {
        var json = json();
        int padding = Math.floorMod(-json.length, ALIGNMENT_BYTES);
        if (entries.size() > MAX_TENSORS || json.length + padding > MAX_BYTES) {
            throw new FedbiomedException(
                    ErrorCode.UNSUPPORTED,
                    "a model file has at most " + MAX_TENSORS + " tensors and a header of " + MAX_BYTES
                            + " bytes; this model has " + entries.size() + " and " + json.length
                            + ": merge small tensors or shorten the metadata");
        }
        var encoded = new byte[LENGTH_BYTES + json.length + padding];
        Arrays.fill(encoded, (byte) ' ');
        ByteBuffer.wrap(encoded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length + padding)
                .put(json);
        return encoded;
    }

    private byte[] json() {
        var bytes = new ByteArrayOutputStream();
        try (var json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(Parameters.RESERVED_NAME);
                for (var entry : metadata.entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            for (var entry : entries) {
                write(json, entry);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, Entry entry) throws IOException {
        json.writeObjectFieldStart(entry.name());
        json.writeStringField("dtype", entry.dtype().name());
        json.writeFieldName("shape");
        json.writeArray(entry.shape(), 0, entry.shape().length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {entry.begin(), entry.end()}, 0, 2);
        json.writeEndObject();
    }
}
