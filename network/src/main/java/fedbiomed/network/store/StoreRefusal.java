package fedbiomed.network.store;

/** Why the store does not do what it was asked, with what a person or a program may do about it. */
final class StoreRefusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The refusal's code, and its HTTP status (RFC 9110, RFC 4918 for 507). */
    enum Reason {
        BAD_REQUEST(400),
        UNAUTHENTICATED(401),
        REVOKED(403),
        REFUSED(403),
        NOT_FOUND(404),
        WRONG_OFFSET(409),
        LENGTH_REQUIRED(411),
        TOO_LARGE(413),
        WRONG_RANGE(416),
        WRONG_HASH(422),
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

    StoreRefusal(Reason reason, String text, String whatToDo) {
        super(text);
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
