package fedbiomed.data.tabular;

import java.util.Collection;
import java.util.List;

/** What columns of text take of the heap while their rows come, looked at every some thousand rows. */
final class TextMemory implements Runnable {
    private static final int ROWS = 1 << 12;

    private final List<Column> columns;
    private final TableSpace space;
    private final CsvProblem problem;
    private final long numbers;
    private int rows;

    /** @param numbers how many lie in memory beside them */
    TextMemory(Collection<Column> columns, TableSpace space, CsvProblem problem, long numbers) {
        this.columns = List.copyOf(columns);
        this.space = space;
        this.problem = problem;
        this.numbers = numbers;
    }

    /** A row has ended. */
    @Override
    public void run() {
        if (++rows % ROWS == 0) {
            look();
        }
    }

    /** @throws fedbiomed.vocabulary.FedbiomedException DATA_UNFIT if it is too much */
    void look() {
        space.requireText(
                problem,
                numbers * Double.BYTES
                        + columns.stream().mapToLong(Column::bytes).sum());
    }
}
