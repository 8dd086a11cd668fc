package fedbiomed.vocabulary;

import org.jspecify.annotations.Nullable;

/**
 * Something a person can act on: what went wrong, with which value, and what to do. Its text is safe to show and to
 * send (it never holds a row of data).
 */
public final class FedbiomedException extends RuntimeException {
    private final ErrorCode code;
    private final @Nullable String rule;

    public FedbiomedException(ErrorCode code, String message) {
        this(code, null, message, null);
    }

    public FedbiomedException(ErrorCode code, String message, Throwable cause) {
        this(code, null, message, cause);
    }

    private FedbiomedException(ErrorCode code, @Nullable String rule, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.rule = rule;
    }

    /** Refused by the rule of that name of a node's policy. */
    public static FedbiomedException byRule(String rule, String message) {
        return new FedbiomedException(ErrorCode.POLICY, rule, message, null);
    }

    /** The same refusal in other words. */
    public FedbiomedException withText(String message) {
        return new FedbiomedException(code, rule, message, this);
    }

    public ErrorCode code() {
        return code;
    }

    /** The rule of a node's policy that refused, such as {@code quiet_hours}; {@code null} where it was none. */
    public @Nullable String rule() {
        return rule;
    }

    /** The text for a person; unlike {@link #getMessage} never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
