package fedbiomed.researcher;

import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.vocabulary.PartyId;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The models that this researcher has in the parameter store. Two experiments may publish the same bytes (an initial
 * model of zeros, say): they are sent once, and withdrawn when nobody here needs them any more.
 */
public final class PublishedModels {
    private final ParameterStoreClient store;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    private static final class Entry {
        final ReentrantLock lock = new ReentrantLock();
        int uses;
    }

    /** One use of a published model. */
    public final class Publication {
        private final ParametersRef ref;

        private Publication(ParametersRef ref) {
            this.ref = ref;
        }

        /** The recipients have it, or need it no more: it goes from the store, unless another use is left. */
        public void withdraw() {
            end(true);
        }

        /** Somebody may still fetch it: it stays until the store's time to live has passed. */
        public void leave() {
            end(false);
        }

        private void end(boolean delete) {
            var entry = entry(ref);
            entry.lock.lock();
            try {
                entry.uses--;
                if (delete && entry.uses == 0) {
                    store.delete(ref);
                }
            } finally {
                entry.lock.unlock();
            }
        }
    }

    PublishedModels(ParameterStoreClient store) {
        this.store = store;
    }

    /** Makes a model available to {@code recipients}, those of its other uses included. */
    public Publication publish(Path file, ParametersRef ref, Collection<PartyId> recipients) {
        var entry = entry(ref);
        entry.lock.lock();
        try {
            store.upload(file, ref, recipients, TransferProgress.NONE);
            entry.uses++;
            return new Publication(ref);
        } finally {
            entry.lock.unlock();
        }
    }

    private Entry entry(ParametersRef ref) {
        return entries.computeIfAbsent(ref.sha256(), _ -> new Entry());
    }
}
