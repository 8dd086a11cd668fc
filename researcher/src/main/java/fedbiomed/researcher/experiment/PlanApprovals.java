package fedbiomed.researcher.experiment;

import fedbiomed.protocol.home.DurationText;
import fedbiomed.protocol.message.Answer;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.researcher.PublishedModels;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sees to it that the plan may run: where a node does not know it, its data manager is asked to review it. Waits until
 * enough participants' nodes have approved it for the strategy's quorum; the others join when theirs have.
 */
final class PlanApprovals {
    /** A node answers when it has fetched the plan's attachments. */
    private static final Duration FETCH_PATIENCE = Duration.ofMinutes(5);

    private static final long POLL_MILLIS = 2000;

    private final ExperimentParts parts;
    private final Duration patience;
    private final String note;
    private final Duration answerPatience;
    private final SortedMap<PartyId, Standing> standings = new TreeMap<>();
    private boolean waiting;

    /** @param status {@code null} where the node did not answer, or answered with an error */
    private record Standing(
            @org.jspecify.annotations.Nullable PlanStatus status, String text) {}

    /**
     * @param patience how long data managers are waited for
     * @param note what they are told, at most {@link Request.Approval#MAX_NOTE_CHARS} characters
     */
    PlanApprovals(ExperimentParts parts, Duration patience, String note) {
        this.parts = parts;
        this.patience = patience;
        this.note = note;
        this.answerPatience = parts.researcher().searchPatience();
    }

    /** @throws FedbiomedException {@code PLAN_PENDING} or {@code PLAN_REJECTED} saying who must do what */
    void require() {
        long start = System.nanoTime();
        int quorum = parts.strategy().management().quorum();
        int needed = quorum == 0 ? parts.participants().size() : quorum;
        while (true) {
            ask(true);
            long approved = parts.participants().stream()
                    .filter(participant -> isApproved(participant.node()))
                    .count();
            if (approved >= needed) {
                return;
            }
            boolean hope = standings.values().stream().anyMatch(standing -> standing.status() != PlanStatus.REJECTED);
            if (!hope || System.nanoTime() - start >= patience.toNanos()) {
                throw notApproved(approved, needed);
            }
            if (!waiting) {
                waiting = true;
                parts.events()
                        .notice("waiting up to " + DurationText.of(patience)
                                + " for approval; Ctrl-C stops it, 'fedbiomed run --resume "
                                + parts.folder().root() + "' goes on later");
            }
            pause();
        }
    }

    private boolean isApproved(PartyId node) {
        var standing = standings.get(node);
        return standing != null && standing.status() == PlanStatus.APPROVED;
    }

    /** Asks for a review where the plan is not known. @return what is said of each node */
    SortedMap<PartyId, String> request() {
        ask(true);
        return texts();
    }

    /** Asks where it stands, and nothing else. */
    SortedMap<PartyId, String> status() {
        ask(false);
        return texts();
    }

    private SortedMap<PartyId, String> texts() {
        var texts = new TreeMap<PartyId, String>();
        standings.forEach((node, standing) -> texts.put(node, standing.text()));
        return texts;
    }

    private void ask(boolean forReview) {
        var asked = new TreeMap<PartyId, CompletableFuture<Answer>>();
        for (var participant : parts.participants()) {
            if (!isApproved(participant.node())) {
                asked.computeIfAbsent(participant.node(), this::askState);
            }
        }
        var now = new TreeMap<PartyId, Standing>();
        asked.forEach((node, future) -> now.put(node, standing(future, answerPatience)));
        if (forReview) {
            var unknown = new TreeSet<PartyId>();
            now.forEach((node, standing) -> {
                if (standing.status() == PlanStatus.UNKNOWN) {
                    unknown.add(node);
                }
            });
            now.putAll(askForReview(unknown));
        }
        now.forEach((node, standing) -> {
            // where nobody is waited for, the caller tells of them all
            if (!standing.equals(standings.put(node, standing))
                    && standing.status() != PlanStatus.APPROVED
                    && !patience.isZero()) {
                parts.events().notice("node " + node + ": " + standing.text());
            }
        });
    }

    /** The attachments lie in the parameter store until every node has answered that it has them. */
    private SortedMap<PartyId, Standing> askForReview(SortedSet<PartyId> nodes) {
        var answered = new TreeMap<PartyId, Standing>();
        if (nodes.isEmpty()) {
            return answered;
        }
        var source = parts.source();
        var patience = source.attachments().isEmpty() ? answerPatience : FETCH_PATIENCE;
        var published = new ArrayList<PublishedModels.Publication>();
        try {
            source.attachments()
                    .forEach(attachment -> published.add(parts.researcher()
                            .published()
                            .publish(
                                    parts.researcher()
                                            .published()
                                            .seal(
                                                    parts.folder().attachment(attachment),
                                                    parts.folder().newSealed()),
                                    nodes)));
            var enclosed =
                    published.stream().map(PublishedModels.Publication::ref).toList();
            var asked = new TreeMap<PartyId, CompletableFuture<Answer>>();
            nodes.forEach(node -> asked.put(
                    node,
                    parts.researcher()
                            .correspondence()
                            .ask(
                                    node,
                                    new Request.Approval(source.text(), source.attachments(), note, nonce()),
                                    enclosed,
                                    patience)));
            asked.forEach((node, future) -> answered.put(node, standing(future, patience)));
            return answered;
        } finally {
            boolean all = answered.size() == nodes.size()
                    && answered.values().stream().allMatch(standing -> standing.status() != null);
            if (all) {
                published.forEach(PublishedModels.Publication::withdraw);
            }
        }
    }

    private CompletableFuture<Answer> askState(PartyId node) {
        return parts.researcher()
                .correspondence()
                .ask(node, new Request.PlanState(parts.source().id(), nonce()), answerPatience);
    }

    private Standing standing(CompletableFuture<Answer> future, Duration patience) {
        try {
            return switch (future.get(patience.toMillis(), TimeUnit.MILLISECONDS)
                    .reply()) {
                case Reply.PlanState state -> new Standing(state.status(), text(state));
                case Reply.Error error ->
                    new Standing(
                            null, Text.shown(error.text(), Reply.Error.MAX_TEXT_CHARS) + " (" + error.code() + ")");
                default -> new Standing(null, "it answered something else than was asked");
            };
        } catch (TimeoutException e) {
            return new Standing(null, "no answer; is it running?");
        } catch (ExecutionException e) {
            return new Standing(
                    null,
                    e.getCause() instanceof FedbiomedException known ? known.text() : String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private String text(Reply.PlanState state) {
        var plan = parts.source().className() + " (" + parts.source().id().abbreviated() + ")";
        var said =
                state.note().isBlank() ? "" : ", saying: " + Text.shown(state.note(), Request.Approval.MAX_NOTE_CHARS);
        var command = "'fedbiomed node plan approve " + parts.source().id().abbreviated() + "'";
        return switch (state.status()) {
            case APPROVED -> "its data manager has approved the plan " + plan;
            case UNKNOWN -> "the plan " + plan + " is not known there; ask for a review ('fedbiomed check --ask')";
            case PENDING ->
                "the plan " + plan + " awaits its data manager, who reads it with 'fedbiomed node plan show "
                        + parts.source().id().abbreviated() + "' and approves it with " + command + " there";
            case REJECTED ->
                "its data manager has rejected the plan " + plan + said
                        + ". Talk with them; they can change their mind by " + command;
        };
    }

    private FedbiomedException notApproved(long approved, int needed) {
        var text = new StringBuilder("the plan may run at " + approved + " of "
                + parts.participants().size() + " participants, " + needed + " are needed (the strategy's quorum)");
        standings.forEach((node, standing) -> {
            if (standing.status() != PlanStatus.APPROVED) {
                text.append("\n  node ").append(node).append(": ").append(standing.text());
            }
        });
        text.append("\nGo on with 'fedbiomed run --resume ")
                .append(parts.folder().root())
                .append("' when it is approved, or with a lower --quorum.");
        boolean rejected = standings.values().stream().anyMatch(standing -> standing.status() == PlanStatus.REJECTED);
        return new FedbiomedException(rejected ? ErrorCode.PLAN_REJECTED : ErrorCode.PLAN_PENDING, text.toString());
    }

    private void pause() {
        if (parts.researcher().isClosed()) {
            throw new FedbiomedException(ErrorCode.CANCELLED, "the researcher was closed while approvals were out");
        }
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static FedbiomedException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new FedbiomedException(ErrorCode.CANCELLED, "stopped while approvals were out", e);
    }

    private static String nonce() {
        return UUID.randomUUID().toString();
    }
}
