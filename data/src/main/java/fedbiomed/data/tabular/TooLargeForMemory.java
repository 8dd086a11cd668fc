package fedbiomed.data.tabular;

import fedbiomed.vocabulary.FedbiomedException;

/** A table does not fit into memory, and there is another place for it. */
final class TooLargeForMemory extends RuntimeException {
    TooLargeForMemory(FedbiomedException refusal) {
        super(refusal);
    }
}
