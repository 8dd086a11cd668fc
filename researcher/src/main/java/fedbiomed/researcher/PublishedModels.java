package fedbiomed.researcher;

import fedbiomed.protocol.message.SealedRef;
import fedbiomed.protocol.store.ParameterStore;
import fedbiomed.protocol.store.SealedEntry;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this researcher has in the parameter store: each publication is an entry of its own, sealed with a key of its own,
 * so that no two programs or experiments stand in each other's way, whatever they publish.
 */
public final class PublishedModels {
    private static final Logger LOG = LoggerFactory.getLogger(PublishedModels.class);

    private final ParameterStore store;

    /** A file that is in the store. */
    public final class Publication {
        private final SealedEntry entry;

        private Publication(SealedEntry entry) {
            this.entry = entry;
        }

        /** What its recipients need to fetch it. */
        public SealedRef ref() {
            return entry.ref();
        }

        /** The recipients have it, or need it no more. */
        public void withdraw() {
            try {
                store.delete(entry.ref());
                SealedEntry.delete(entry.file());
            } catch (FedbiomedException e) {
                // a round is not lost for a model that stays in the store a while longer
                LOG.warn(
                        "the entry {} stays in the store until its time has passed: {}",
                        entry.ref().entry(),
                        e.text());
            } catch (UncheckedIOException e) {
                LOG.warn("{} stays on this disk; it may be removed ({})", entry.file(), e.toString());
            }
        }
    }

    PublishedModels(ParameterStore store) {
        this.store = store;
    }

    /** Makes {@code plain} ready to be published, as {@code file}. */
    public SealedEntry seal(Path plain, Path file) {
        return store.seal(plain, file);
    }

    /** Makes a sealed file available to {@code recipients}, until it is withdrawn or the store's time to live has passed. */
    public Publication publish(SealedEntry entry, Collection<PartyId> recipients) {
        store.upload(entry, recipients, TransferProgress.NONE);
        return new Publication(entry);
    }
}
