package fedbiomed.node.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import fedbiomed.protocol.identity.PublicKeys;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * The requests for work that this node has taken on, and the answers to finished trainings. A request is here before
 * the broker is told that it arrived, an answer before it is sent: whatever dies, nothing is lost or trained twice.
 */
public final class RequestJournal {
    /** Open requests that are kept; more are refused as {@code BUSY}. */
    public static final int MAX_OPEN = 100;

    /** Answers outlive their request's expiry by this, for a researcher that asks again after a crash. */
    public static final Duration KEPT_AFTER_EXPIRY = Duration.ofDays(1);

    /** Answers stay this long at most, whatever expiry a request claims. */
    private static final Duration LONGEST_KEPT = Duration.ofDays(30);

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

    public RequestJournal(NodeDatabase database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** What a request that arrives is to this journal. */
    public sealed interface Admission {
        /** Written down; it is to be worked on. */
        record New() implements Admission {}

        /** It is being worked on already. */
        record Open() implements Admission {}

        /** It was answered; the answer is to be sent again. */
        record Answered() implements Admission {}

        /** Nothing was written down: {@link #MAX_OPEN} requests are open. */
        record Full() implements Admission {}
    }

    /**
     * Writes {@code request} down unless it is known; of a known one, by which message it was asked last. When this
     * returns it survives a power cut.
     *
     * @param whenNew done before a new one is written down; if it throws, nothing is
     */
    public Admission admit(StoredRequest request, Runnable whenNew) {
        return database.transaction(handle -> {
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

    /** How often work on the request has begun, this time included; 0 if it is no longer open. */
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

    /** Keeps the answer to a finished training. @return false if the request was cancelled meanwhile */
    public boolean answer(String id, byte[] reply, List<SealedRef> enclosed) {
        return database.transaction(handle -> handle.execute(
                        "UPDATE request SET reply = ?, reply_enclosed = ? WHERE id = ? AND reply IS NULL",
                        reply,
                        Json.text(enclosed),
                        id)
                == 1);
    }

    /** The request as it was asked last; empty if it is no longer open. */
    public Optional<StoredRequest> find(String id) {
        return database.transaction(handle -> handle.createQuery("SELECT * FROM request WHERE id = ? AND reply IS NULL")
                .bind(0, id)
                .map(REQUEST)
                .findOne());
    }

    /** Forgets an open request. @return false if there was none */
    public boolean forget(String id) {
        return database.transaction(
                handle -> handle.execute("DELETE FROM request WHERE id = ? AND reply IS NULL", id) == 1);
    }

    /** Forgets an open request of this researcher, who no longer wants it. @return false if there was none */
    public boolean cancel(String id, PartyId researcher) {
        return database.transaction(handle -> handle.execute(
                        "DELETE FROM request WHERE id = ? AND researcher = ? AND reply IS NULL", id, researcher.value())
                == 1);
    }

    /** The researcher has the answer on its disk. @return false if it has no such answered request here */
    public boolean acknowledge(String id, PartyId researcher) {
        return database.transaction(handle -> handle.execute(
                        "UPDATE request SET acknowledged = ? WHERE id = ? AND researcher = ? AND reply IS NOT NULL",
                        clock.millis(),
                        id,
                        researcher.value())
                == 1);
    }

    /** A kept answer, and what it answers. */
    public record StoredReply(StoredRequest request, byte[] reply, List<SealedRef> enclosed) {}

    public Optional<StoredReply> reply(String id) {
        return database.transaction(handle -> handle.createQuery(
                        "SELECT * FROM request WHERE id = ? AND reply IS NOT NULL")
                .bind(0, id)
                .map((row, context) -> new StoredReply(
                        REQUEST.map(row, context), row.getBytes("reply"), enclosed(row.getString("reply_enclosed"))))
                .findOne());
    }

    /** Requests to be worked on, oldest first. */
    public List<StoredRequest> open() {
        return database.transaction(
                handle -> handle.createQuery("SELECT * FROM request WHERE reply IS NULL ORDER BY received, id")
                        .map(REQUEST)
                        .list());
    }

    /** Ids of answers that no {@code Ack} has come for. */
    public List<String> unacknowledged() {
        return database.transaction(handle -> handle.createQuery(
                        "SELECT id FROM request WHERE reply IS NOT NULL AND acknowledged IS NULL ORDER BY received, id")
                .mapTo(String.class)
                .list());
    }

    /** Forgets what nobody can ask for any more: requests that expired unanswered, answers past their time. */
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
