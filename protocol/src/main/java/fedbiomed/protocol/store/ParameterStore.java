package fedbiomed.protocol.store;

import fedbiomed.protocol.home.Durability;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.nio.file.Path;
import java.util.Collection;

/** Where models and attachments travel, from a party's side: the Network's parameter store, or what stands in for it. */
public interface ParameterStore extends AutoCloseable {
    /** Makes {@code plain} ready to be uploaded, as {@code file}; see {@link SealedEntry#of}. */
    default SealedEntry seal(Path plain, Path file) {
        return SealedEntry.of(plain, file);
    }

    /**
     * Makes {@code entry} available to {@code recipients}.
     *
     * @throws FedbiomedException {@code PARAMETERS_UNAVAILABLE} saying why and what to do
     */
    void upload(SealedEntry entry, Collection<PartyId> recipients, TransferProgress progress);

    /**
     * Brings an entry, opened, to {@code target}, which appears whole or not at all.
     *
     * @param durability what the file outlives; its folder's entry is the caller's matter
     * @throws FedbiomedException {@code PARAMETERS_UNAVAILABLE} if it is not there for this party
     */
    void download(SealedRef ref, Path target, Durability durability, TransferProgress progress);

    /** As above; it outlives a power cut. */
    default void download(SealedRef ref, Path target, TransferProgress progress) {
        download(ref, target, Durability.POWER_CUT, progress);
    }

    /** Withdraws this party's claim on an entry; no error if there is none. */
    void delete(SealedRef ref);

    @Override
    void close();
}
