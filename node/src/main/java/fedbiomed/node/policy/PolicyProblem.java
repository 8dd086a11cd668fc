package fedbiomed.node.policy;

/** What is wrong with a policy file, and where. */
public final class PolicyProblem extends RuntimeException {
    private final int line;

    /** @param line from 1; 0 where it concerns the file as a whole */
    PolicyProblem(int line, String what) {
        super(what);
        this.line = line;
    }

    /** {@code line 12: ...}. */
    public String text() {
        return (line > 0 ? "line " + line + ": " : "") + getMessage();
    }
}
