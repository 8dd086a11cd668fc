package fedbiomed.network.store;

import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Where entries lie. An entry is its bytes, named by their SHA-256. Senders hold claims on it, each with its recipients
 * and its time to live; an entry without a claim is gone. To hold an entry's hash gives nothing: a claim is had only by
 * uploading every byte. What a method has done outlives a crash.
 */
public interface EntryStore extends AutoCloseable {
    /** An entry that the asking party may read. */
    record Entry(String hash, long bytes) {}

    /** What is kept, for the metrics. */
    record Usage(long entries, long entryBytes, long unfinished, long unfinishedBytes) {}

    /** An upload under way: bytes are appended, and checked against the hash at the end. */
    interface Upload extends AutoCloseable {
        /** Bytes held so far. */
        long held();

        /** @throws IOException when the disk fails for another reason than being full */
        void write(byte[] buffer, int offset, int length) throws IOException;

        /** Checks and keeps the entry, with the sender's claim; all is on the disk when this returns. */
        void finish() throws IOException;

        /** Keeps what is held, for the upload to be resumed. */
        @Override
        void close() throws IOException;
    }

    /**
     * Goes on with the sender's upload of {@code hash} at {@code offset}, which is 0 or what is held.
     *
     * @param total the entry's size in bytes
     */
    Upload upload(PartyId sender, String hash, Set<PartyId> recipients, long offset, long total) throws IOException;

    /** Bytes held of the sender's unfinished upload. */
    OptionalLong unfinished(PartyId sender, String hash);

    /** The entry, if {@code reader} has a claim on it or is a recipient. */
    Optional<Entry> find(PartyId reader, String hash);

    /** @throws StoreRefusal {@code NOT_FOUND} if its last claim has gone since it was found */
    SeekableByteChannel open(Entry entry) throws IOException;

    /** Adds recipients to the sender's claim and starts its time anew. @return whether there is such a claim */
    boolean share(PartyId sender, String hash, Set<PartyId> recipients);

    /** Ends the sender's claim or unfinished upload. @return whether there was one */
    boolean drop(PartyId sender, String hash) throws IOException;

    /** Removes what is past its time. @return how many entries and unfinished uploads went */
    int sweep() throws IOException;

    Usage usage();

    @Override
    void close();
}
