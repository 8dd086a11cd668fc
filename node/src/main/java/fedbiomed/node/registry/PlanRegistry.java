package fedbiomed.node.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.protocol.audit.AuditEvent;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.audit.AuditTrail;
import fedbiomed.protocol.message.Request;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Attachment;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.Text;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The training plans that researchers have sent, and what the data manager decided. Nothing is approved by itself. */
public final class PlanRegistry {
    /** Plans of one researcher that may wait for a decision; a person is to read them. */
    static final int MAX_PENDING = 100;

    private static final Pattern PREFIX = Pattern.compile("[0-9a-f]{4,64}");

    private static final RowMapper<ReviewedPlan> PLAN = (row, _) -> {
        long decided = row.getLong("decided");
        return new ReviewedPlan(
                new PlanId(row.getString("id")),
                row.getString("class_name"),
                new PlanSource(row.getString("text"), attachments(row.getString("attachments"))),
                PartyId.of(row.getString("researcher")),
                row.getString("request_note"),
                Instant.ofEpochMilli(row.getLong("requested")),
                PlanStatus.valueOf(row.getString("status")),
                decided == 0 ? null : Instant.ofEpochMilli(decided),
                row.getString("decided_by"),
                row.getString("decision_note"));
    };

    private static List<Attachment> attachments(String json) throws SQLException {
        try {
            return Json.MAPPER.readValue(json, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new SQLException("a plan's attachments are damaged in the node's state", e);
        }
    }

    private final NodeDatabase database;
    private final AttachmentStore files;
    private final AuditTrail audit;
    private final Clock clock;

    public PlanRegistry(NodeDatabase database, AttachmentStore files, Clock clock) {
        this(database, files, AuditLog.ofNode(database.home(), clock), clock);
    }

    public PlanRegistry(NodeDatabase database, AttachmentStore files, AuditTrail audit, Clock clock) {
        this.audit = audit;
        this.database = database;
        this.files = files;
        this.clock = clock;
    }

    /** Where the plans' attachments lie. */
    public AttachmentStore files() {
        return files;
    }

    /**
     * Stores the plan, whose attachments must be in {@link #files} already, for review. One that is known already stays
     * as it stands.
     *
     * @throws FedbiomedException {@code PLAN_INVALID} if it has no public class, or hides what it does by Unicode
     *     escapes; {@code BAD_MESSAGE} if the note is too long; {@code BUSY} if {@value #MAX_PENDING} plans of this researcher wait
     */
    public ReviewedPlan request(PartyId researcher, PlanSource source, String note) {
        return store(
                researcher,
                source,
                note,
                AuditEvent.of(AuditKind.PLAN_REQUESTED).party(researcher));
    }

    private ReviewedPlan store(PartyId researcher, PlanSource source, String note, AuditEvent.Builder event) {
        var className = requireShowable(source, note);
        return database.transaction(handle -> {
            var known = find(handle, source.id());
            if (known.isPresent()) {
                return known.get();
            }
            requireFewPending(handle, researcher);
            requireFiles(source);
            handle.execute(
                    "INSERT INTO plan (id, class_name, text, researcher, request_note, requested, attachments, status,"
                            + " decision_note) VALUES (?, ?, ?, ?, ?, ?, ?, 'PENDING', '')",
                    source.id().value(),
                    className,
                    source.text(),
                    researcher.value(),
                    note,
                    clock.millis(),
                    Json.text(source.attachments()));
            audit.append(event.plan(source.id()).build());
            return find(handle, source.id()).orElseThrow();
        });
    }

    /**
     * That {@link #request} would take the plan if its attachments were here.
     *
     * @throws FedbiomedException as {@link #request}
     */
    public void requireReviewable(PartyId researcher, PlanSource source, String note) {
        requireShowable(source, note);
        database.change(handle -> requireFewPending(handle, researcher));
    }

    /** @return the name of its class */
    private static String requireShowable(PlanSource source, String note) {
        source.requireReadable();
        if (note.length() > Request.Approval.MAX_NOTE_CHARS) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "the note to the data manager has " + note.length() + " characters; at most "
                            + Request.Approval.MAX_NOTE_CHARS + " are accepted. Shorten it");
        }
        return source.className();
    }

    /**
     * Stores a plan that the data manager brings; it is approved no more than another.
     *
     * @param node this one
     * @throws FedbiomedException as {@link #request}
     */
    public ReviewedPlan register(PartyId node, PlanSource source, String note) {
        return store(node, source, note, AuditEvent.byOperator(AuditKind.PLAN_ADDED));
    }

    /** Within a transaction: {@link #delete} of another plan with the same file may have come in between. */
    private void requireFiles(PlanSource source) {
        for (var attachment : source.attachments()) {
            if (!files.holds(attachment)) {
                throw new FedbiomedException(
                        ErrorCode.BUSY,
                        "the plan's attachment '" + attachment.name() + "' is not at the node; ask again");
            }
        }
    }

    /**
     * Forgets a plan, what was decided on it, and the attachments that no other plan has. Takes effect at once, also on
     * what runs.
     */
    public void delete(ReviewedPlan plan) {
        database.change(handle -> {
            handle.execute("DELETE FROM plan WHERE id = ?", plan.id().value());
            audit.appendNowOrLater(AuditEvent.byOperator(AuditKind.PLAN_DELETED)
                    .plan(plan.id())
                    .build());
            removeUnneeded(handle, plan.source());
        });
    }

    /** Removes those of its files that no plan has, of a plan that was not taken. */
    public void removeUnneeded(PlanSource source) {
        database.change(handle -> removeUnneeded(handle, source));
    }

    private void removeUnneeded(Handle handle, PlanSource source) {
        var needed = neededFiles(handle);
        source.attachments().stream()
                .filter(attachment -> !needed.contains(attachment.sha256()))
                .forEach(files::remove);
    }

    /** Removes files that belong to no plan, such as a killed node has left. */
    public void removeLeftFiles() {
        database.change(handle -> files.keepOnly(neededFiles(handle)));
    }

    private static Set<String> neededFiles(Handle handle) {
        var needed = new HashSet<String>();
        handle.createQuery("SELECT * FROM plan WHERE attachments <> '[]'")
                .map(PLAN)
                .forEach(plan -> plan.source().attachments().forEach(attachment -> needed.add(attachment.sha256())));
        return needed;
    }

    /** What the attachments of this researcher's other plans fill that wait for a decision, or were rejected. */
    public long unapprovedBytes(PartyId researcher, PlanId except) {
        return list().stream()
                .filter(plan -> plan.status() != PlanStatus.APPROVED
                        && plan.researcher().equals(researcher)
                        && !plan.id().equals(except))
                .mapToLong(plan -> plan.source().attachmentBytes())
                .sum();
    }

    /** The plan named {@code className} that was approved last, other than {@code except}. */
    public Optional<ReviewedPlan> lastApproved(String className, PlanId except) {
        return database.transaction(handle -> handle.createQuery("SELECT * FROM plan WHERE class_name = ? AND id <> ?"
                        + " AND status = 'APPROVED' ORDER BY decided DESC, id LIMIT 1")
                .bind(0, className)
                .bind(1, except.value())
                .map(PLAN)
                .findOne());
    }

    private static void requireFewPending(Handle handle, PartyId researcher) {
        int pending = handle.createQuery("SELECT count(*) FROM plan WHERE researcher = ? AND status = 'PENDING'")
                .bind(0, researcher.value())
                .mapTo(int.class)
                .one();
        if (pending >= MAX_PENDING) {
            throw new FedbiomedException(
                    ErrorCode.BUSY,
                    pending + " plans of researcher '" + researcher
                            + "' wait for a decision at this node; ask its data manager to decide on them first");
        }
    }

    public Optional<ReviewedPlan> find(PlanId id) {
        return database.read("plan " + id, handle -> find(handle, id));
    }

    private static Optional<ReviewedPlan> find(Handle handle, PlanId id) {
        return handle.createQuery("SELECT * FROM plan WHERE id = ?")
                .bind(0, id.value())
                .map(PLAN)
                .findOne();
    }

    public PlanStatus status(PlanId id) {
        return find(id).map(ReviewedPlan::status).orElse(PlanStatus.UNKNOWN);
    }

    /** All: those that wait first, then by when they came. */
    public List<ReviewedPlan> list() {
        return database.transaction(
                handle -> handle.createQuery("SELECT * FROM plan ORDER BY status <> 'PENDING', requested, id")
                        .map(PLAN)
                        .list());
    }

    /**
     * The one plan whose id begins with {@code prefix} (at least four digits).
     *
     * @throws FedbiomedException {@code PLAN_UNKNOWN} if none or several do
     */
    public ReviewedPlan resolve(String prefix) {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_UNKNOWN,
                    "a plan's id, or its beginning, is 4 to 64 hexadecimal digits, not '" + Text.shown(prefix)
                            + "'; see 'fedbiomed node plan list'");
        }
        var matches = database.transaction(handle -> handle.createQuery("SELECT * FROM plan WHERE id GLOB ? LIMIT 2")
                .bind(0, prefix + "*")
                .map(PLAN)
                .list());
        if (matches.size() != 1) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_UNKNOWN,
                    (matches.isEmpty() ? "no plan's id begins with " : "several plans' ids begin with ") + prefix
                            + (matches.isEmpty() ? "" : "; give more digits")
                            + "; see 'fedbiomed node plan list'");
        }
        return matches.getFirst();
    }

    /** The data manager decides; a decision may be changed later. Takes effect at once, also on what runs. */
    public ReviewedPlan decide(PlanId id, PlanStatus decision, String note) {
        if (decision != PlanStatus.APPROVED && decision != PlanStatus.REJECTED) {
            throw new IllegalArgumentException("a plan is approved or rejected, not " + decision);
        }
        return database.transaction(handle -> {
            handle.execute(
                    "UPDATE plan SET status = ?, decided = ?, decided_by = ?, decision_note = ? WHERE id = ?",
                    decision.name(),
                    clock.millis(),
                    System.getProperty("user.name", ""),
                    note,
                    id.value());
            var decided = find(handle, id)
                    .orElseThrow(
                            () -> new FedbiomedException(ErrorCode.PLAN_UNKNOWN, "no plan " + id + " at this node"));
            if (decision == PlanStatus.APPROVED) {
                audit.append(
                        AuditEvent.byOperator(AuditKind.PLAN_APPROVED).plan(id).build());
            } else {
                audit.appendNowOrLater(
                        AuditEvent.byOperator(AuditKind.PLAN_REJECTED).plan(id).build());
            }
            return decided;
        });
    }
}
