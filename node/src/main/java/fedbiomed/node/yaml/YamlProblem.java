package fedbiomed.node.yaml;

/** What is wrong with one of the data manager's files, and where. */
public final class YamlProblem extends RuntimeException {
    private final int line;

    /** @param line from 1; 0 where it concerns the file as a whole */
    public YamlProblem(int line, String what) {
        super(what);
        this.line = line;
    }

    /** {@code line 12: ...}. */
    public String text() {
        return (line > 0 ? "line " + line + ": " : "") + getMessage();
    }
}
