package fedbiomed.protocol.store;

import java.io.IOException;
import java.net.http.HttpHeaders;

/** The store takes no more requests of this party for the moment (RFC 6585): worth another try, after a while. */
final class StoreBusy extends IOException {
    static final int STATUS = 429;
    private static final long serialVersionUID = 1;
    private static final long LONGEST_WAIT_SECONDS = 60;

    private final long waitMillis;

    /** @param headers with {@code Retry-After} in seconds (RFC 9110); a second where it is missing or no number */
    StoreBusy(String text, HttpHeaders headers) {
        super("the store answered " + STATUS + ": " + text);
        var said = headers.firstValue("Retry-After")
                .filter(value -> value.matches("[0-9]{1,9}"))
                .map(Long::parseLong);
        waitMillis = 1000 * Math.clamp(said.orElse(1L), 1, LONGEST_WAIT_SECONDS);
    }

    /** How long to wait before the next try. */
    long waitMillis() {
        return waitMillis;
    }
}
