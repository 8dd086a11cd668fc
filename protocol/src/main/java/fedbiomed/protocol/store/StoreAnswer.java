package fedbiomed.protocol.store;

import com.fasterxml.jackson.databind.JsonNode;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/** What the parameter store answered: success, a refusal, or a fault that may pass. */
final class StoreAnswer {
    /** Of an error's body. */
    private static final int MAX_ERROR_BYTES = 64 << 10;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
    private static final Set<Integer> WORTH_ANOTHER_TRY = Set.of(408, 409, 416, 500, 502, 503, 504);

    private StoreAnswer() {}

    static void requireSuccess(HttpResponse<InputStream> response) throws IOException {
        requireSuccess(response.statusCode(), response);
        response.body().close();
    }

    /** Server faults are worth another try ({@code IOException}), refusals are not; a full disk is a refusal. */
    static void requireSuccess(int status, HttpResponse<InputStream> response) throws IOException {
        if (status / 100 == 2) {
            return;
        }
        var problem = body(response);
        var text = Text.shown(problem.path("text").asText("status " + status), 400) + "; "
                + Text.shown(problem.path("what_to_do").asText("see the Network's log"), 400);
        if (status == StoreBusy.STATUS) {
            throw new StoreBusy(text, response.headers());
        }
        if (WORTH_ANOTHER_TRY.contains(status)) {
            throw new IOException("the store answered " + status + ": " + text);
        }
        throw new FedbiomedException(
                ErrorCode.PARAMETERS_UNAVAILABLE, "the parameter store refused (" + status + "): " + text);
    }

    /** The body of a success; else as {@link #requireSuccess}. */
    static JsonNode successBody(HttpResponse<InputStream> response) throws IOException {
        if (response.statusCode() / 100 != 2) {
            requireSuccess(response);
        }
        return body(response);
    }

    /** @throws StoreBusy if it was too soon to ask; any other answer is given back */
    static <T> HttpResponse<T> requireTurn(HttpResponse<T> response) throws StoreBusy {
        if (response.statusCode() == StoreBusy.STATUS) {
            throw new StoreBusy("too many requests", response.headers());
        }
        return response;
    }

    /** What a header says; empty where it is missing or no number. */
    static OptionalLong number(String header, HttpResponse<?> response) {
        return response.headers()
                .firstValue(header)
                .filter(value -> NUMBER.matcher(value).matches())
                .map(value -> OptionalLong.of(Long.parseLong(value)))
                .orElse(OptionalLong.empty());
    }

    private static JsonNode body(HttpResponse<InputStream> response) throws IOException {
        try (var in = response.body()) {
            var bytes = in.readNBytes(MAX_ERROR_BYTES);
            return bytes.length == 0 ? Json.MAPPER.createObjectNode() : Json.MAPPER.readTree(bytes);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            return Json.MAPPER.createObjectNode();
        }
    }
}
