package fedbiomed.protocol.command;

/** Ends a command with an exit code of its own, and a text that says what, which value and what to do. */
public final class CommandFailed extends RuntimeException {
    private final int exitCode;

    public CommandFailed(int exitCode, String text) {
        super(text);
        this.exitCode = exitCode;
    }

    public CommandFailed(int exitCode, String text, Throwable cause) {
        super(text, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
