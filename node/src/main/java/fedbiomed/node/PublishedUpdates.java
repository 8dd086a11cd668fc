package fedbiomed.node;

import fedbiomed.protocol.message.SealedRef;
import fedbiomed.protocol.store.ParameterStore;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node has left in the parameter store for researchers. An update goes as soon as its researcher has it: 64 rounds
 * of a model of 2 GB would fill what one party may keep there. One that cannot be withdrawn goes when its time has passed.
 */
final class PublishedUpdates implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PublishedUpdates.class);

    private final ParameterStore store;
    private final ExecutorService withdrawing = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("withdrawal").factory());

    PublishedUpdates(ParameterStore store) {
        this.store = store;
    }

    /** Returns at once. */
    void withdraw(List<SealedRef> entries) {
        try {
            entries.forEach(entry -> withdrawing.execute(() -> withdraw(entry)));
        } catch (RejectedExecutionException _) {
            LOG.debug("the node is stopping: an update stays in the store until its time has passed");
        }
    }

    private void withdraw(SealedRef entry) {
        try {
            store.delete(entry);
        } catch (FedbiomedException e) {
            LOG.warn("the entry {} stays in the store until its time has passed: {}", entry.entry(), e.text());
        }
    }

    @Override
    public void close() {
        withdrawing.shutdownNow();
    }
}
