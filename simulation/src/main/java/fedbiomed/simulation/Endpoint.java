package fedbiomed.simulation;

import fedbiomed.protocol.Federation;
import fedbiomed.protocol.Outgoing;
import fedbiomed.protocol.Presence;
import fedbiomed.protocol.Received;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustState;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.message.AuditHead;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.protocol.message.Letter;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A party's way to the others of a simulation. Bodies travel as the bytes that the codec wrote; nothing is signed or
 * sealed, since all parties are one program.
 */
final class Endpoint implements Federation {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
    private static final Duration SCALARS_LIFETIME = Duration.ofMinutes(1);
    private static final String EPOCH = "simulation";

    /** What a real envelope has beside body and enclosed entries. */
    private static final int ENVELOPE_BYTES = 2048;

    private static final int ENCLOSED_BYTES = 320;

    private final Exchange exchange;
    private final Identity identity;
    private final TrustedParties trusted;
    private final boolean node;
    private final Clock clock;
    private final Queue<Envelope> mailbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean reading = new AtomicBoolean();
    private final List<BiConsumer<PartyId, Presence>> presenceListeners = new CopyOnWriteArrayList<>();
    private final List<Held> held = new ArrayList<>();
    private volatile Consumer<Received> messageHandler = _ -> {};
    private volatile BiConsumer<PartyId, Message.Scalars> scalarsListener = (_, _) -> {};
    private volatile Runnable connectedListener = () -> {};
    private boolean opened;
    private boolean online = true;
    private boolean closed;

    private record Held(Envelope envelope, CompletableFuture<Void> sent) {}

    Endpoint(Exchange exchange, Identity identity, TrustedParties trusted, boolean node, Clock clock) {
        this.exchange = exchange;
        this.identity = identity;
        this.trusted = trusted;
        this.node = node;
        this.clock = clock;
    }

    PartyId party() {
        return identity.party();
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public void onMessage(Consumer<Received> handler) {
        messageHandler = handler;
    }

    @Override
    public void onScalars(BiConsumer<PartyId, Message.Scalars> listener) {
        scalarsListener = listener;
    }

    @Override
    public void onPresence(BiConsumer<PartyId, Presence> listener) {
        presenceListeners.add(listener);
    }

    @Override
    public void onConnected(Runnable listener) {
        connectedListener = listener;
    }

    /** No audit log is kept. */
    @Override
    public void auditedBy(Supplier<@Nullable AuditHead> head) {}

    /** There are no certificates. */
    @Override
    public void renew(TransportIdentity renewed) {}

    @Override
    public void open() {
        synchronized (this) {
            opened = true;
        }
        exchange.join(this);
        arrive();
    }

    /** As a node whose line fails, or is mended. */
    void online(boolean now) {
        boolean comes;
        boolean goes;
        synchronized (this) {
            comes = now && !online && opened && !closed;
            goes = !now && online;
            online = now;
        }
        if (comes) {
            arrive();
        } else if (goes) {
            mailbox.clear();
            tellPresence(false);
        }
    }

    private void arrive() {
        if (!connected()) {
            return;
        }
        connectedListener.run();
        tellPresence(true);
        List<Held> waiting;
        synchronized (this) {
            waiting = List.copyOf(held);
            held.clear();
        }
        for (var message : waiting) {
            if (message.envelope().header().expires() > clock.millis()) {
                exchange.deliver(message.envelope());
            }
            message.sent().complete(null);
        }
    }

    private void tellPresence(boolean now) {
        if (node) {
            exchange.says(party(), new Presence(now, EPOCH, identity.keys()));
        }
    }

    @Override
    public synchronized boolean connected() {
        return opened && online && !closed;
    }

    /** At once: whether a simulated node is online is not a matter of waiting. */
    @Override
    public synchronized boolean awaitConnected(long millis) {
        return opened;
    }

    @Override
    public CompletableFuture<Void> send(Outgoing message, Instant expires) {
        var envelope = envelope(message, expires);
        synchronized (this) {
            if (!opened || !online) {
                var waiting = new Held(envelope, new CompletableFuture<>());
                held.add(waiting);
                return waiting.sent();
            }
        }
        exchange.deliver(envelope);
        return CompletableFuture.completedFuture(null);
    }

    private Envelope envelope(Outgoing message, Instant expires) {
        long bytes = message.body().length + (long) message.enclosed().size() * ENCLOSED_BYTES + ENVELOPE_BYTES;
        if (bytes > Envelope.MAX_BYTES) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "the message has " + bytes + " bytes; at most " + Envelope.MAX_BYTES
                            + " are sent. Shorten what it carries");
        }
        var header = new Envelope.Header(
                Envelope.VERSION,
                party(),
                message.to(),
                message.name(),
                clock.millis(),
                expires.toEpochMilli(),
                identity.keys());
        return new Envelope(header, new Letter(message.body(), message.enclosed(), null), message.body());
    }

    @Override
    public boolean monitor(PartyId researcher, Message.Scalars scalars) {
        if (!connected()) {
            return false;
        }
        exchange.deliver(envelope(
                new Outgoing(researcher, MessageCodec.encode(scalars)),
                clock.instant().plus(SCALARS_LIFETIME)));
        return true;
    }

    @Override
    public SortedMap<PartyId, Presence> presence() {
        return exchange.presence();
    }

    @Override
    public boolean knowsPresence() {
        return true;
    }

    void presenceChanged(PartyId whose, Presence now) {
        presenceListeners.forEach(listener -> listener.accept(whose, now));
    }

    void take(Envelope envelope) {
        mailbox.add(envelope);
        read();
    }

    /** One message at a time, in the order in which they came. */
    private void read() {
        if (!mailbox.isEmpty() && reading.compareAndSet(false, true)) {
            Thread.ofVirtual().name("mail-" + party()).start(() -> {
                try {
                    for (var envelope = mailbox.poll(); envelope != null; envelope = mailbox.poll()) {
                        receive(envelope);
                    }
                } finally {
                    reading.set(false);
                    read();
                }
            });
        }
    }

    private void receive(Envelope envelope) {
        var header = envelope.header();
        if (header.expires() <= clock.millis()) {
            LOG.debug("a message of {} expired before it was read", header.from());
            return;
        }
        try {
            var message = MessageCodec.decode(envelope.body());
            var trust = trusted.state(header.from(), header.keys());
            if (!(message instanceof Message.Scalars scalars)) {
                messageHandler.accept(new Received(envelope, message, trust));
            } else if (trust == TrustState.TRUSTED) {
                scalarsListener.accept(header.from(), scalars);
            }
        } catch (RuntimeException e) {
            LOG.error("a message of {} could not be handled by {}", header.from(), party(), e);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        exchange.leave(this);
    }
}
