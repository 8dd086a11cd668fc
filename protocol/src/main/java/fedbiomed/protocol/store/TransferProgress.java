package fedbiomed.protocol.store;

/** Told of a transfer's advance; called often, and must return at once. */
@FunctionalInterface
public interface TransferProgress {
    TransferProgress NONE = (_, _) -> {};

    void moved(long doneBytes, long totalBytes);
}
