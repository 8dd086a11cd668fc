package fedbiomed.node.state;

import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.PartyId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The requests for work that a node has taken on, and the answers to finished trainings. A request is here before the
 * broker is told that it arrived, an answer before it is sent: nothing is lost or trained twice while the journal lives.
 */
public interface RequestJournal {
    /** Open requests that are kept; more are refused as {@code BUSY}. */
    int MAX_OPEN = 100;

    /** Answers outlive their request's expiry by this, for a researcher that asks again after a crash. */
    Duration KEPT_AFTER_EXPIRY = Duration.ofDays(1);

    /** Answers stay this long at most, whatever expiry a request claims. */
    Duration LONGEST_KEPT = Duration.ofDays(30);

    /** A node's own, in its state: whatever dies, it is there again. */
    static RequestJournal in(NodeDatabase database, Clock clock) {
        return new SqlRequestJournal(database, clock);
    }

    /** One that ends with the program, for a node whose researcher asks again in the same words. */
    static RequestJournal inMemory(Clock clock) {
        return new InMemoryRequestJournal(clock);
    }

    /** What a request that arrives is to this journal. */
    sealed interface Admission {
        /** Written down; it is to be worked on. */
        record New() implements Admission {}

        /** It is being worked on already. */
        record Open() implements Admission {}

        /** It was answered; the answer is to be sent again. */
        record Answered() implements Admission {}

        /** Nothing was written down: {@link #MAX_OPEN} requests are open. */
        record Full() implements Admission {}
    }

    /** A kept answer, and what it answers. */
    record StoredReply(StoredRequest request, byte[] reply, List<SealedRef> enclosed) {}

    /**
     * Writes {@code request} down unless it is known; of a known one, by which message it was asked last. One whose answer
     * was acknowledged and left parameters in the store is new: they are withdrawn then, and its researcher, who asks all the
     * same, has lost them.
     *
     * @param whenNew done before a new one is written down; if it throws, nothing is
     */
    Admission admit(StoredRequest request, Runnable whenNew);

    /** How often work on the request has begun, this time included; 0 if it is no longer open. */
    int begin(String id);

    /** Keeps the answer to a finished training. @return false if the request was cancelled meanwhile */
    boolean answer(String id, byte[] reply, List<SealedRef> enclosed);

    /** The request as it was asked last; empty if it is no longer open. */
    Optional<StoredRequest> find(String id);

    /** Forgets an open request. @return false if there was none */
    boolean forget(String id);

    /** Forgets an open request of this researcher, who no longer wants it. @return false if there was none */
    boolean cancel(String id, PartyId researcher);

    /** The researcher has the answer on its disk. @return false if it has no such answered request here */
    boolean acknowledge(String id, PartyId researcher);

    Optional<StoredReply> reply(String id);

    /** Requests to be worked on, oldest first. */
    List<StoredRequest> open();

    /** Ids of answers that no {@code Ack} has come for. */
    List<String> unacknowledged();

    /** Forgets what nobody can ask for any more: requests that expired unanswered, answers past their time. */
    void sweep();
}
