package fedbiomed.network.store;

import fedbiomed.network.database.Database;
import fedbiomed.vocabulary.PartyId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Which entries there are, who claims them until when, and who may read them: {@code store/index.db}. */
final class StoreIndex implements AutoCloseable {
    private static final List<String> SCHEMA = List.of("""
            CREATE TABLE entries (hash TEXT PRIMARY KEY, bytes INTEGER NOT NULL);
            CREATE TABLE claims (
                hash TEXT NOT NULL REFERENCES entries (hash), sender TEXT NOT NULL, expires_at INTEGER NOT NULL,
                PRIMARY KEY (hash, sender));
            CREATE INDEX claims_of_sender ON claims (sender);
            CREATE INDEX claims_by_expiry ON claims (expires_at);
            CREATE TABLE recipients (
                hash TEXT NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL,
                PRIMARY KEY (hash, sender, recipient),
                FOREIGN KEY (hash, sender) REFERENCES claims (hash, sender) ON DELETE CASCADE);
            """);

    private final Database database;

    StoreIndex(Path folder) {
        this.database = Database.open(folder.resolve("index.db"), SCHEMA);
    }

    void add(String hash, long bytes, PartyId sender, Set<PartyId> recipients, Instant expires) {
        database.write(handle -> {
            handle.execute("INSERT INTO entries (hash, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING", hash, bytes);
            handle.execute("""
                    INSERT INTO claims (hash, sender, expires_at) VALUES (?, ?, ?)
                    ON CONFLICT (hash, sender) DO UPDATE SET expires_at = excluded.expires_at
                    """, hash, sender.value(), expires.toEpochMilli());
            addRecipients(handle, hash, sender, recipients);
            return handle;
        });
    }

    boolean share(String hash, PartyId sender, Set<PartyId> recipients, Instant expires, Instant now) {
        return database.write(handle -> {
            int claims = handle.execute(
                    "UPDATE claims SET expires_at = ? WHERE hash = ? AND sender = ? AND expires_at > ?",
                    expires.toEpochMilli(),
                    hash,
                    sender.value(),
                    now.toEpochMilli());
            if (claims > 0) {
                addRecipients(handle, hash, sender, recipients);
            }
            return claims > 0;
        });
    }

    private static void addRecipients(Handle handle, String hash, PartyId sender, Set<PartyId> recipients) {
        var batch = handle.prepareBatch(
                "INSERT INTO recipients (hash, sender, recipient) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
        recipients.forEach(recipient -> batch.add(hash, sender.value(), recipient.value()));
        if (batch.size() > 0) {
            batch.execute();
        }
    }

    Optional<Long> readable(PartyId reader, String hash, Instant now) {
        return database.read(handle -> handle.createQuery("""
                        SELECT e.bytes FROM entries e JOIN claims c ON c.hash = e.hash
                        WHERE e.hash = :hash AND c.expires_at > :now AND (c.sender = :reader OR EXISTS (
                            SELECT 1 FROM recipients r
                            WHERE r.hash = c.hash AND r.sender = c.sender AND r.recipient = :reader))
                        LIMIT 1
                        """)
                .bind("hash", hash)
                .bind("now", now.toEpochMilli())
                .bind("reader", reader.value())
                .mapTo(Long.class)
                .findOne());
    }

    /** @return whether the sender had a claim */
    boolean drop(String hash, PartyId sender) {
        return database.write(
                handle -> handle.execute("DELETE FROM claims WHERE hash = ? AND sender = ?", hash, sender.value()) > 0);
    }

    void dropExpired(Instant now) {
        database.write(handle -> handle.execute("DELETE FROM claims WHERE expires_at <= ?", now.toEpochMilli()));
    }

    /** Forgets the entries that nobody claims. @return their hashes: their files may go */
    List<String> forgetUnclaimed() {
        return database.write(
                handle -> handle.createQuery("""
                        DELETE FROM entries WHERE NOT EXISTS (SELECT 1 FROM claims c WHERE c.hash = entries.hash)
                        RETURNING hash
                        """).mapTo(String.class).list());
    }

    Set<String> hashes() {
        return database.read(handle -> new HashSet<>(handle.createQuery("SELECT hash FROM entries")
                .mapTo(String.class)
                .list()));
    }

    boolean has(String hash) {
        return database.read(handle -> handle.createQuery("SELECT 1 FROM entries WHERE hash = ?")
                .bind(0, hash)
                .mapTo(Integer.class)
                .findOne()
                .isPresent());
    }

    void forget(String hash) {
        database.write(handle -> {
            handle.execute("DELETE FROM claims WHERE hash = ?", hash);
            return handle.execute("DELETE FROM entries WHERE hash = ?", hash);
        });
    }

    long entries() {
        return number("SELECT count(*) FROM entries");
    }

    long bytes() {
        return number("SELECT coalesce(sum(bytes), 0) FROM entries");
    }

    long bytesOf(PartyId sender) {
        return database.read(handle -> handle.createQuery(
                        "SELECT coalesce(sum(e.bytes), 0) FROM claims c JOIN entries e ON e.hash = c.hash WHERE c.sender = ?")
                .bind(0, sender.value())
                .mapTo(Long.class)
                .one());
    }

    private long number(String query) {
        return database.read(
                handle -> handle.createQuery(query).mapTo(Long.class).one());
    }

    @Override
    public void close() {
        database.close();
    }
}
