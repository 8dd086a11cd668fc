package fedbiomed.node.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import fedbiomed.protocol.identity.PublicKeys;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The journal in the node's state: what a change has returned from survives a power cut. */
final class SqlRequestJournal implements RequestJournal {
    private static final RowMapper<StoredRequest> REQUEST = (row, _) -> new StoredRequest(
            row.getString("id"),
            PartyId.of(row.getString("researcher")),
            read(row.getString("keys"), PublicKeys.class),
            row.getBytes("body"),
            enclosed(row.getString("enclosed")),
            row.getString("message"),
            Instant.ofEpochMilli(row.getLong("expires")));

    private final NodeDatabase database;
    private final Clock clock;

    SqlRequestJournal(NodeDatabase database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Admission admit(StoredRequest request, Runnable whenNew) {
        return database.transaction(handle -> {
            handle.execute(
                    "DELETE FROM request WHERE id = ? AND acknowledged IS NOT NULL AND reply_enclosed <> '[]'",
                    request.id());
            var answered = handle.createQuery("SELECT reply IS NOT NULL FROM request WHERE id = ?")
                    .bind(0, request.id())
                    .mapTo(boolean.class)
                    .findOne();
            if (answered.isPresent()) {
                handle.execute(
                        "UPDATE request SET expires = max(expires, ?), keys = ?, message = ?, enclosed = ? WHERE id = ?",
                        request.expires().toEpochMilli(),
                        Json.text(request.keys()),
                        request.message(),
                        Json.text(request.enclosed()),
                        request.id());
                return answered.get() ? new Admission.Answered() : new Admission.Open();
            }
            if (countOpen(handle) >= MAX_OPEN) {
                return new Admission.Full();
            }
            whenNew.run();
            handle.execute(
                    "INSERT INTO request (id, researcher, keys, body, enclosed, message, received, expires, attempts)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
                    request.id(),
                    request.researcher().value(),
                    Json.text(request.keys()),
                    request.body(),
                    Json.text(request.enclosed()),
                    request.message(),
                    clock.millis(),
                    request.expires().toEpochMilli());
            return new Admission.New();
        });
    }

    private static List<SealedRef> enclosed(String json) {
        return List.of(read(json, SealedRef[].class));
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            return Json.MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the journal of requests is damaged", e);
        }
    }

    private static int countOpen(Handle handle) {
        return handle.createQuery("SELECT count(*) FROM request WHERE reply IS NULL")
                .mapTo(int.class)
                .one();
    }

    @Override
    public int begin(String id) {
        return database.transaction(handle -> {
            handle.execute("UPDATE request SET attempts = attempts + 1 WHERE id = ? AND reply IS NULL", id);
            return handle.createQuery("SELECT attempts FROM request WHERE id = ? AND reply IS NULL")
                    .bind(0, id)
                    .mapTo(int.class)
                    .findOne()
                    .orElse(0);
        });
    }

    @Override
    public boolean answer(String id, byte[] reply, List<SealedRef> enclosed) {
        return database.transaction(handle -> handle.execute(
                        "UPDATE request SET reply = ?, reply_enclosed = ? WHERE id = ? AND reply IS NULL",
                        reply,
                        Json.text(enclosed),
                        id)
                == 1);
    }

    @Override
    public Optional<StoredRequest> find(String id) {
        return database.transaction(handle -> handle.createQuery("SELECT * FROM request WHERE id = ? AND reply IS NULL")
                .bind(0, id)
                .map(REQUEST)
                .findOne());
    }

    @Override
    public boolean forget(String id) {
        return database.transaction(
                handle -> handle.execute("DELETE FROM request WHERE id = ? AND reply IS NULL", id) == 1);
    }

    @Override
    public boolean cancel(String id, PartyId researcher) {
        return database.transaction(handle -> handle.execute(
                        "DELETE FROM request WHERE id = ? AND researcher = ? AND reply IS NULL", id, researcher.value())
                == 1);
    }

    @Override
    public boolean acknowledge(String id, PartyId researcher) {
        return database.transaction(handle -> handle.execute(
                        "UPDATE request SET acknowledged = ? WHERE id = ? AND researcher = ? AND reply IS NOT NULL",
                        clock.millis(),
                        id,
                        researcher.value())
                == 1);
    }

    @Override
    public Optional<StoredReply> reply(String id) {
        return database.transaction(handle -> handle.createQuery(
                        "SELECT * FROM request WHERE id = ? AND reply IS NOT NULL")
                .bind(0, id)
                .map((row, context) -> new StoredReply(
                        REQUEST.map(row, context), row.getBytes("reply"), enclosed(row.getString("reply_enclosed"))))
                .findOne());
    }

    @Override
    public List<StoredRequest> open() {
        return database.transaction(
                handle -> handle.createQuery("SELECT * FROM request WHERE reply IS NULL ORDER BY received, id")
                        .map(REQUEST)
                        .list());
    }

    @Override
    public List<String> unacknowledged() {
        return database.transaction(handle -> handle.createQuery(
                        "SELECT id FROM request WHERE reply IS NOT NULL AND acknowledged IS NULL ORDER BY received, id")
                .mapTo(String.class)
                .list());
    }

    @Override
    public void sweep() {
        long now = clock.millis();
        database.change(handle -> {
            handle.execute("DELETE FROM request WHERE reply IS NULL AND expires <= ?", now);
            handle.execute(
                    "DELETE FROM request WHERE reply IS NOT NULL AND min(expires + ?, received + ?) <= ?",
                    KEPT_AFTER_EXPIRY.toMillis(),
                    LONGEST_KEPT.toMillis(),
                    now);
        });
    }
}
