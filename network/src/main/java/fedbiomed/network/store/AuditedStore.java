package fedbiomed.network.store;

import fedbiomed.protocol.audit.AuditEvent;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.audit.AuditTally;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A store whose uploads and deletions are in the Network's audit log. What comes in is recorded before it is
 * acknowledged to its sender, who sends again what was not.
 */
public record AuditedStore(EntryStore store, AuditLog audit, AuditTally counted) implements EntryStore {
    @Override
    public Upload upload(PartyId sender, String hash, Set<PartyId> recipients, long offset, long total)
            throws IOException {
        var upload = store.upload(sender, hash, recipients, offset, total);
        return new Upload() {
            @Override
            public long held() {
                return upload.held();
            }

            @Override
            public void write(byte[] buffer, int from, int length) throws IOException {
                upload.write(buffer, from, length);
            }

            @Override
            public void finish() throws IOException {
                upload.finish();
                audit.append(about(AuditKind.ENTRY_STORED, sender, hash)
                        .recipients(recipients)
                        .bytesIn(total)
                        .build());
            }

            @Override
            public void close() throws IOException {
                upload.close();
            }
        };
    }

    private static AuditEvent.Builder about(AuditKind kind, PartyId party, String hash) {
        return AuditEvent.of(kind).party(party).entry(hash);
    }

    @Override
    public OptionalLong unfinished(PartyId sender, String hash) {
        return store.unfinished(sender, hash);
    }

    @Override
    public Optional<Entry> find(PartyId reader, String hash) {
        return store.find(reader, hash);
    }

    @Override
    public SeekableByteChannel open(Entry entry) throws IOException {
        return store.open(entry);
    }

    @Override
    public boolean share(PartyId sender, String hash, Set<PartyId> recipients) {
        boolean shared = store.share(sender, hash, recipients);
        if (shared) {
            counted.record(about(AuditKind.ENTRY_SHARED, sender, hash)
                    .recipients(recipients)
                    .build());
        }
        return shared;
    }

    @Override
    public boolean drop(PartyId sender, String hash) throws IOException {
        boolean dropped = store.drop(sender, hash);
        if (dropped) {
            audit.appendNowOrLater(about(AuditKind.ENTRY_DELETED, sender, hash).build());
        }
        return dropped;
    }

    @Override
    public int sweep() throws IOException {
        int gone = store.sweep();
        if (gone > 0) {
            audit.appendNowOrLater(
                    AuditEvent.of(AuditKind.ENTRIES_EXPIRED).count(gone).build());
        }
        return gone;
    }

    @Override
    public Usage usage() {
        return store.usage();
    }

    @Override
    public void close() {
        store.close();
    }
}
