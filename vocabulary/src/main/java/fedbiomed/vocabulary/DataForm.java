package fedbiomed.vocabulary;

/** What a plan sees in a dataset, whatever the format of its files. */
public enum DataForm {
    /** Rows of named columns: {@code dataset.table()}. */
    TABLE("a table", "table()"),
    /** Samples of named arrays: {@code dataset.tensors()}. */
    ARRAYS("arrays", "tensors()"),
    /** Files that only the plan's own reader understands: {@code dataset.files(reader)}. */
    FILES("files for a reader of the plan's own", "files(reader)");

    private final String text;
    private final String call;

    DataForm(String text, String call) {
        this.text = text;
        this.call = call;
    }

    /** What a plan writes to read it, e.g. {@code table()}. */
    public String call() {
        return call;
    }

    @Override
    public String toString() {
        return text;
    }
}
