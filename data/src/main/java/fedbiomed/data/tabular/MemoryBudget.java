package fedbiomed.data.tabular;

import fedbiomed.vocabulary.FedbiomedException;

/** What a table may take of the heap, so that one that is too large is told so, and not ended in the midst of it. */
final class MemoryBudget {
    /** What is trained on is a copy of the same size. */
    static final int PARTS = 2;

    private MemoryBudget() {}

    /** Of so many numbers. */
    static long bytes(long rows, long columns) {
        // rows and columns are below 2^31
        return Math.multiplyExact(rows * columns, Double.BYTES);
    }

    /** @throws FedbiomedException DATA_UNFIT if so many numbers are more than half of the heap */
    static void require(CsvProblem problem, long rows, long columns, long heapBytes) {
        long needed = bytes(rows, columns);
        if (needed > heapBytes / PARTS) {
            throw problem.of(rows + " rows of " + columns + " columns take " + (needed >> 20)
                    + " MiB, and a table may take " + (heapBytes / PARTS >> 20)
                    + " MiB of the worker's memory; let the plan read fewer columns, split the dataset, or (the data"
                    + " manager) raise 'worker_heap' and 'worker_memory' in the node's config.yaml to "
                    + ((PARTS + 1) * needed >> 20) + " MiB and more");
        }
    }

    /** @throws FedbiomedException DATA_UNFIT if columns of text take more than half of the heap */
    static void requireText(CsvProblem problem, long bytes, long heapBytes) {
        if (bytes > heapBytes / PARTS) {
            throw problem.of("the columns that are read take more than the " + (heapBytes / PARTS >> 10)
                    + " KiB that a table may take of the worker's memory, as text; let the plan read fewer columns, split"
                    + " the dataset, or (the data manager) raise 'worker_heap' and 'worker_memory' in the node's"
                    + " config.yaml");
        }
    }
}
