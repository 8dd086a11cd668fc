package fedbiomed.researcher;

import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.store.ParameterStoreClient;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.nio.file.Path;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that this researcher has in the parameter store. Two experiments may publish the same bytes (an initial
 * model of zeros, say), in one program or in two: they are sent once, and withdrawn when none of them needs them any more.
 */
public final class PublishedModels {
    private static final Logger LOG = LoggerFactory.getLogger(PublishedModels.class);

    private final ParameterStoreClient store;
    private final ModelUses uses;

    /** One use of a published model. */
    public final class Publication {
        private final ParametersRef ref;
        private final ModelUses.Use use;

        private Publication(ParametersRef ref, ModelUses.Use use) {
            this.ref = ref;
            this.use = use;
        }

        /** The recipients have it, or need it no more: it goes from the store, unless another use is left. */
        public void withdraw() {
            uses.end(use, this::delete);
        }

        /** Somebody may still fetch it: it stays until the store's time to live has passed. */
        public void leave() {
            uses.end(use, () -> {});
        }

        /** A round is not lost for a model that stays in the store a while longer. */
        private void delete() {
            try {
                store.delete(ref);
            } catch (FedbiomedException e) {
                LOG.warn("the model {} stays in the store until its time has passed: {}", ref.sha256(), e.text());
            }
        }
    }

    /** @param home the researcher's */
    PublishedModels(ParameterStoreClient store, Path home) {
        this.store = store;
        this.uses = new ModelUses(home);
    }

    /** Makes a model available to {@code recipients}, those of its other uses included. */
    public Publication publish(Path file, ParametersRef ref, Collection<PartyId> recipients) {
        // before it is sent: who ends the last use deletes it
        var publication = new Publication(ref, uses.begin(ref.sha256()));
        try {
            store.upload(file, ref, recipients, TransferProgress.NONE);
            return publication;
        } catch (RuntimeException e) {
            publication.leave();
            throw e;
        }
    }
}
