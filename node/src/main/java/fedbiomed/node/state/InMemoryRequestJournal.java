package fedbiomed.node.state;

import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.PartyId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A journal without a disk. An answer that the researcher has acknowledged is remembered while it is among the last
 * {@value #ACKNOWLEDGED_KEPT}, so that a long experiment fills no memory; a question that comes after that is worked on
 * again.
 */
final class InMemoryRequestJournal implements RequestJournal {
    static final int ACKNOWLEDGED_KEPT = 8;

    private final Clock clock;

    /** By id, the oldest first. */
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /** Ids, the oldest first. */
    private final Deque<String> acknowledged = new ArrayDeque<>();

    private record Answer(byte[] reply, List<SealedRef> enclosed, boolean acknowledged) {}

    private record Entry(
            StoredRequest request,
            Instant received,
            int attempts,
            @Nullable Answer answer) {
        boolean open() {
            return answer == null;
        }

        boolean unacknowledged() {
            return answer != null && !answer.acknowledged();
        }

        boolean withdrawn() {
            return answer != null && answer.acknowledged() && !answer.enclosed().isEmpty();
        }
    }

    InMemoryRequestJournal(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Admission admit(StoredRequest request, Runnable whenNew) {
        var known = entries.get(request.id());
        if (known != null && known.withdrawn()) {
            entries.remove(request.id());
            acknowledged.remove(request.id());
            known = null;
        }
        if (known != null) {
            entries.put(
                    request.id(),
                    new Entry(
                            askedAgain(known.request(), request), known.received(), known.attempts(), known.answer()));
            return known.open() ? new Admission.Open() : new Admission.Answered();
        }
        if (entries.values().stream().filter(Entry::open).count() >= MAX_OPEN) {
            return new Admission.Full();
        }
        whenNew.run();
        entries.put(request.id(), new Entry(request, clock.instant(), 0, null));
        return new Admission.New();
    }

    /** The last message counts, but what an earlier one has promised to wait for stays promised. */
    private static StoredRequest askedAgain(StoredRequest known, StoredRequest now) {
        var expires = known.expires().isAfter(now.expires()) ? known.expires() : now.expires();
        return new StoredRequest(
                known.id(), known.researcher(), now.keys(), known.body(), now.enclosed(), now.message(), expires);
    }

    private @Nullable Entry openEntry(String id) {
        var entry = entries.get(id);
        return entry != null && entry.open() ? entry : null;
    }

    @Override
    public synchronized int begin(String id) {
        var entry = openEntry(id);
        if (entry == null) {
            return 0;
        }
        entries.put(id, new Entry(entry.request(), entry.received(), entry.attempts() + 1, null));
        return entry.attempts() + 1;
    }

    @Override
    public synchronized boolean answer(String id, byte[] reply, List<SealedRef> enclosed) {
        var entry = openEntry(id);
        if (entry == null) {
            return false;
        }
        var answer = new Answer(reply.clone(), List.copyOf(enclosed), false);
        entries.put(id, new Entry(entry.request(), entry.received(), entry.attempts(), answer));
        return true;
    }

    @Override
    public synchronized Optional<StoredRequest> find(String id) {
        return Optional.ofNullable(openEntry(id)).map(Entry::request);
    }

    @Override
    public synchronized boolean forget(String id) {
        return openEntry(id) != null && entries.remove(id) != null;
    }

    @Override
    public synchronized boolean cancel(String id, PartyId researcher) {
        var entry = openEntry(id);
        return entry != null && entry.request().researcher().equals(researcher) && forget(id);
    }

    @Override
    public synchronized boolean acknowledge(String id, PartyId researcher) {
        var entry = entries.get(id);
        if (entry == null || !entry.request().researcher().equals(researcher)) {
            return false;
        }
        var answer = entry.answer();
        if (answer == null) {
            return false;
        }
        if (!answer.acknowledged()) {
            var known = new Answer(answer.reply(), answer.enclosed(), true);
            entries.put(id, new Entry(entry.request(), entry.received(), entry.attempts(), known));
            acknowledged.add(id);
            if (acknowledged.size() > ACKNOWLEDGED_KEPT) {
                entries.remove(acknowledged.remove());
            }
        }
        return true;
    }

    @Override
    public synchronized Optional<StoredReply> reply(String id) {
        var entry = entries.get(id);
        var answer = entry == null ? null : entry.answer();
        return entry == null || answer == null
                ? Optional.empty()
                : Optional.of(new StoredReply(entry.request(), answer.reply(), answer.enclosed()));
    }

    @Override
    public synchronized List<StoredRequest> open() {
        return entries.values().stream().filter(Entry::open).map(Entry::request).toList();
    }

    @Override
    public synchronized List<String> unacknowledged() {
        return entries.values().stream()
                .filter(Entry::unacknowledged)
                .map(entry -> entry.request().id())
                .toList();
    }

    @Override
    public synchronized void sweep() {
        var now = clock.instant();
        entries.values().removeIf(entry -> !now.isBefore(end(entry)));
        acknowledged.removeIf(id -> !entries.containsKey(id));
    }

    private static Instant end(Entry entry) {
        var expires = entry.request().expires();
        if (entry.open()) {
            return expires;
        }
        var kept = expires.plus(KEPT_AFTER_EXPIRY);
        var longest = entry.received().plus(LONGEST_KEPT);
        return kept.isBefore(longest) ? kept : longest;
    }
}
