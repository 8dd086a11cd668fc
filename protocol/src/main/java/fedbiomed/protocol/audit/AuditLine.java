package fedbiomed.protocol.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import fedbiomed.protocol.message.AuditHead;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Sha256;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/**
 * A line of the log: a JSON object that ends with the hash of the line before and its own, the SHA-256 of all that stands
 * before {@code ,"hash":} in it.
 *
 * @param sequence from 1
 * @param previous the hash of the line before, {@link AuditHead#EMPTY}'s in the first
 * @param text as it stands in the file, without its line end
 */
public record AuditLine(long sequence, Instant time, AuditEvent event, String previous, String hash, String text) {
    /** Longer than any line of ours; the end of the log is looked for in so much of the file. */
    static final int MAX_BYTES = 4096;

    private static final Pattern FORM = Pattern.compile("(\\{.*),\"hash\":\"([0-9a-f]{64})\"\\}");

    /** The line that follows {@code head}. */
    static AuditLine after(AuditHead head, Instant time, AuditEvent event) {
        var moment = time.truncatedTo(ChronoUnit.MILLIS);
        var json = Json.MAPPER.createObjectNode();
        json.put("sequence", head.sequence() + 1).put("time", moment.toString());
        json.setAll((ObjectNode) Json.MAPPER.valueToTree(event));
        json.put("previous", head.hash());
        var open = json.toString();
        var hashed = open.substring(0, open.length() - 1);
        var hash = Sha256.of(hashed);
        return new AuditLine(
                head.sequence() + 1, moment, event, head.hash(), hash, hashed + ",\"hash\":\"" + hash + "\"}");
    }

    /** @throws IllegalArgumentException if it is not a line as it was written */
    static AuditLine parse(String text) {
        var parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("it is not a line of an audit log");
        }
        var hash = parts.group(2);
        if (!Sha256.of(parts.group(1)).equals(hash)) {
            throw new IllegalArgumentException("its content does not have the hash that stands in it");
        }
        try {
            var json = Json.MAPPER.readTree(text);
            return new AuditLine(
                    json.path("sequence").asLong(),
                    Instant.parse(json.path("time").asText()),
                    Json.MAPPER.treeToValue(json, AuditEvent.class),
                    json.path("previous").asText(),
                    hash,
                    text);
        } catch (JsonProcessingException | DateTimeParseException e) {
            throw new IllegalArgumentException("it is not a line of an audit log of this version", e);
        }
    }

    AuditHead head() {
        return new AuditHead(sequence, hash);
    }
}
