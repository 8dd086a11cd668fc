package fedbiomed.network.store;

import java.time.Duration;

/** Why the store does not do what it was asked, with what a person or a program may do about it. */
final class StoreRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The refusal's code, and its HTTP status (RFC 9110, RFC 6585 for 429, RFC 4918 for 507). */
    enum Reason {
        BAD_REQUEST(400),
        UNAUTHENTICATED(401),
        REVOKED(403),
        REFUSED(403),
        NOT_FOUND(404),
        TOO_SLOW(408),
        WRONG_OFFSET(409),
        LENGTH_REQUIRED(411),
        TOO_LARGE(413),
        WRONG_RANGE(416),
        WRONG_HASH(422),
        TOO_MANY_REQUESTS(429),
        INTERNAL(500),
        QUOTA_EXCEEDED(507),
        DISK_FULL(507);

        final int status;

        Reason(int status) {
            this.status = status;
        }
    }

    private final transient Reason reason;
    private final String text;
    private final String whatToDo;
    private final long retryAfterSeconds;

    StoreRefusal(Reason reason, String text, String whatToDo) {
        this(reason, text, whatToDo, 0);
    }

    private StoreRefusal(Reason reason, String text, String whatToDo, long retryAfterSeconds) {
        super(text);
        this.retryAfterSeconds = retryAfterSeconds;
        this.reason = reason;
        this.text = text;
        this.whatToDo = whatToDo;
    }

    Reason reason() {
        return reason;
    }

    String text() {
        return text;
    }

    String whatToDo() {
        return whatToDo;
    }

    /** When it may be asked again; 0 where that is not said. */
    long retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** @param wait how long until there is room for one more */
    static StoreRefusal tooManyRequests(String text, Duration wait) {
        long seconds = Math.max(1, wait.plusSeconds(1).minusNanos(1).toSeconds());
        return new StoreRefusal(
                Reason.TOO_MANY_REQUESTS,
                text,
                "wait for the " + seconds + " s that Retry-After says and ask again; for more, the administrator sets"
                        + " limits in the Network's config.yaml",
                seconds);
    }

    static StoreRefusal notFound() {
        return new StoreRefusal(
                Reason.NOT_FOUND,
                "there is no such entry for you",
                "ask the sender whether it was uploaded, is still kept, and names you as a recipient");
    }

    static StoreRefusal badRequest(String text) {
        return new StoreRefusal(Reason.BAD_REQUEST, text, "see /v1/openapi.yaml");
    }
}
