package fedbiomed.protocol.command;

/** How a command can end; {@code --help} and the README say the same. Scripts rely on these numbers. */
public final class ExitCodes {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    /** A round ended without enough answers. */
    public static final int ROUND_FAILED = 3;

    // texts in picocli's form, for annotations
    public static final String DONE_TEXT = DONE + ":done";
    public static final String STOPPED_TEXT = DONE + ":stopped by Ctrl-C or SIGTERM";
    public static final String FAILED_TEXT = FAILED + ":it failed; the error says what, which value and what to do";
    public static final String USAGE_TEXT = USAGE + ":the command line is not right; nothing was done";
    public static final String ROUND_FAILED_TEXT =
            ROUND_FAILED + ":a round ended without enough answers; the experiment can be resumed";
    /** By the JVM: 128 and the signal's number. */
    public static final String INTERRUPTED_TEXT = "130:stopped by Ctrl-C (143: by SIGTERM)";

    private ExitCodes() {}
}
