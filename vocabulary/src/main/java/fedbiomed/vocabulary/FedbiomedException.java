package fedbiomed.vocabulary;

/**
 * Something a person can act on: what went wrong, with which value, and what to do. Its text is safe to show and to
 * send (it never holds a row of data).
 */
public final class FedbiomedException extends RuntimeException {
    private final ErrorCode code;

    public FedbiomedException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    public FedbiomedException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }

    /** The text for a person; unlike {@link #getMessage} never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
