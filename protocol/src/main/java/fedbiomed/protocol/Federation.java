package fedbiomed.protocol;

import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.message.AuditHead;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.PartyId;
import java.time.Instant;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A party's way to speak to the others. Messages are sealed, signed, bounded and expire; the connection is kept up by itself.
 * Listeners are set before {@link #open}; the message handler is called for one message at a time, and a message counts
 * as delivered when it has returned: by then it must be safe.
 *
 * <p>A message comes at least once, and messages may overtake each other, whatever the broker promises: each is sent by
 * itself, and again until the broker has it. So nothing rests on their order: a request is its content, an answer names
 * its request.
 */
public interface Federation extends AutoCloseable {
    Identity identity();

    /** Messages from others, which were sealed for this party, and whose signature and lifetime have been checked; {@link Received#trust} is for the handler to act on. */
    void onMessage(Consumer<Received> handler);

    /** Numbers of running trainings; for researchers. */
    void onScalars(BiConsumer<PartyId, Message.Scalars> listener);

    /** Every change of a node's presence, and once for each that is known at the start; for researchers. */
    void onPresence(BiConsumer<PartyId, Presence> listener);

    /** Called whenever the connection has come (back). */
    void onConnected(Runnable listener);

    /** Where this party's audit log ends: said in each message that is sent, sealed and signed like it. */
    void auditedBy(Supplier<@Nullable AuditHead> head);

    /** Connects again with this party's new certificate; what is under way goes on. */
    void renew(TransportIdentity renewed);

    /** Connects, and keeps trying; returns at once. */
    void open();

    boolean connected();

    /** Waits until connected. @return false if that took longer than {@code millis} */
    boolean awaitConnected(long millis) throws InterruptedException;

    /**
     * Seals, and sends as soon as there is a connection; gives up at {@code expires}.
     *
     * @return completes when the broker has the message; fails with a timeout at {@code expires}, and with {@code
     *     UNTRUSTED_SENDER} at once where the recipient's keys are not known here
     */
    CompletableFuture<Void> send(Outgoing message, Instant expires);

    /** For scalars: sent if there is a connection, never waited for. @return false if they were not sent */
    boolean monitor(PartyId researcher, Message.Scalars scalars);

    /** Nodes as the presence of this Network's epoch shows them; one of an earlier epoch counts as offline. */
    SortedMap<PartyId, Presence> presence();

    /** Whether this one is there, by {@link #presence}. */
    default boolean online(PartyId party) {
        var said = presence().get(party);
        return said != null && said.online();
    }

    /** Whether {@link #presence} is whole at any time, so that nobody waits to hear of more. */
    default boolean knowsPresence() {
        return false;
    }

    @Override
    void close();
}
