package fedbiomed.training;

import fedbiomed.data.tabular.Table;
import fedbiomed.data.tabular.TableSpace;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.TrainingArgs;

/** What is done otherwise with a table whose rows do not fit into memory, and what cannot be done with it. */
record LargeTable(DataDeclaration declaration, TableSpace space) {
    /** Of a row in the midst of a split: groups, classes, which side, its place in the order of an epoch. */
    private static final int ROW_BYTES = 6 * Integer.BYTES;

    /** Whether rows are made batch by batch. */
    boolean isLarge(Table table, int rows) {
        return table.isSpilled() || cells(rows) > space.tableBytes() / Double.BYTES;
    }

    private long cells(long rows) {
        return rows * (declaration.width() + 1L);
    }

    /** @throws FedbiomedException DATA_UNFIT telling what to set */
    void requireFit(Table table, TrainingArgs args) {
        if (!isLarge(table, table.rows())) {
            return;
        }
        if (declaration.isSurvival() && table.isSpilled()) {
            throw unfit(
                    "its " + table.rows()
                            + " rows do not fit into the worker's memory, and survival times are put in order"
                            + " all at once",
                    "let the plan read fewer columns, or split the dataset",
                    3 * cells(table.rows()) * Double.BYTES);
        }
        long order = (long) table.rows() * ROW_BYTES;
        if (order > space.tableBytes()) {
            throw unfit(
                    "the order of its " + table.rows() + " rows alone takes " + mebibytes(order)
                            + " MiB of the worker's memory",
                    "split the dataset",
                    2 * order);
        }
        requireBatch("batch_size", Math.min(args.loaderArgs().batchSize(), table.rows()));
        var tested = args.testBatchSize();
        if (tested != null) {
            requireBatch("test_batch_size", Math.min(tested, table.rows()));
        }
    }

    private void requireBatch(String argument, int rows) {
        long bytes = cells(rows) * Double.BYTES;
        if (bytes > space.smallBytes()) {
            throw unfit(
                    argument + " " + rows + " takes " + mebibytes(bytes)
                            + " MiB of the worker's memory for each batch of"
                            + " this table, which does not fit there as a whole",
                    "set " + argument + " to " + Math.max(1, space.smallBytes() / (cells(1) * Double.BYTES))
                            + " or less",
                    bytes * (2 * space.tableBytes() / Math.max(1, space.smallBytes())));
        }
    }

    private static FedbiomedException unfit(String what, String remedy, long heapBytes) {
        return new FedbiomedException(
                ErrorCode.DATA_UNFIT,
                "the table is larger than the memory: " + what + "; " + remedy
                        + ", or (the data manager) raise 'worker_heap' and 'worker_memory' in the node's config.yaml to "
                        + mebibytes(heapBytes) + " MiB and more");
    }

    private static long mebibytes(long bytes) {
        return bytes + (1 << 20) - 1 >> 20;
    }
}
