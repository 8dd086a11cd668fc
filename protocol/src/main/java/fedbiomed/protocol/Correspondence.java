package fedbiomed.protocol;

import fedbiomed.protocol.identity.TrustState;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.message.Answer;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Questions and answers over a {@link Federation}, for researchers. A request is sent again while its answer is out
 * (every {@value #RESEND_SECONDS} s, and when the node comes back): since its id is its content, that is harmless.
 *
 * <p>A node whose fingerprint no person has confirmed is sent nothing but search and list requests, and of it nothing
 * but their answers (and errors) is taken.
 */
public final class Correspondence implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Correspondence.class);
    static final int RESEND_SECONDS = 20;
    private static final long TICK_MILLIS = 500;
    /** So many acknowledgements are remembered, for answers that come once more because one was lost. */
    private static final int MAX_ACKNOWLEDGED = 10_000;

    private final Federation federation;
    private final TrustedParties trusted;
    private final Clock clock;
    private final Map<String, Pending> pending = new ConcurrentHashMap<>();
    private final Set<Acknowledged> acknowledged = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Acknowledged, Boolean> eldest) {
            return size() > MAX_ACKNOWLEDGED;
        }
    });
    private final Thread ticker;
    private volatile Consumer<Received> witness = _ -> {};

    private record Acknowledged(PartyId node, String request) {}

    private static final class Pending {
        final PartyId to;
        final byte[] body;
        final boolean needsTrust;
        volatile Instant expires;
        final String name = Envelope.newName();
        volatile List<SealedRef> enclosed = List.of();
        final CompletableFuture<Answer> future = new CompletableFuture<>();
        volatile Instant sent = Instant.EPOCH;
        volatile CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);
        /** Whether the broker has had it. */
        volatile boolean handedOver;

        Pending(PartyId to, byte[] body, boolean needsTrust, Instant expires) {
            this.to = to;
            this.body = body;
            this.needsTrust = needsTrust;
            this.expires = expires;
        }

        /** Who asks the same again may wait longer. */
        synchronized void extend(Instant until) {
            if (until.isAfter(expires)) {
                expires = until;
            }
        }
    }

    /** Takes over the federation's message handler; call before {@link Federation#open}. */
    public Correspondence(Federation federation, TrustedParties trusted, Clock clock) {
        this.federation = federation;
        this.trusted = trusted;
        this.clock = clock;
        federation.onMessage(this::receive);
        federation.onPresence((node, presence) -> {
            if (presence.online()) {
                pending.values().stream().filter(p -> p.to.equals(node)).forEach(this::send);
            }
        });
        ticker = Thread.ofVirtual().name("correspondence").start(this::tick);
    }

    /** Is shown every reply that a trusted key has signed, also one that nobody waits for. Set it before {@link Federation#open}. */
    public void onReply(Consumer<Received> witness) {
        this.witness = witness;
    }

    /** The id that {@code request} has: SHA-256 of its body. */
    public static String idOf(Request request) {
        return Sha256.of(MessageCodec.encode(request));
    }

    /** As {@link #ask(PartyId, Request, List, Duration)}, of a request that names nothing in the parameter store. */
    public CompletableFuture<Answer> ask(PartyId to, Request request, Duration patience) {
        return ask(to, request, List.of(), patience);
    }

    /**
     * Asks, and asks again until there is an answer.
     *
     * @param enclosed the ways to what the request names in the parameter store
     * @return the answer, {@link Reply.Error} included; fails with {@link FedbiomedException} {@code EXPIRED} after {@code
     *     patience}, {@code UNTRUSTED_SENDER} where the node is not trusted for this request, or shows other keys than those
     *     that were
     */
    public CompletableFuture<Answer> ask(PartyId to, Request request, List<SealedRef> enclosed, Duration patience) {
        var body = MessageCodec.encode(request);
        boolean needsTrust = !(request instanceof Request.Search || request instanceof Request.ListDatasets);
        if (needsTrust) {
            var why = distrust(to);
            if (why != null) {
                return CompletableFuture.failedFuture(new FedbiomedException(ErrorCode.UNTRUSTED_SENDER, why));
            }
        }
        var question = pending.computeIfAbsent(
                Sha256.of(body),
                _ -> new Pending(to, body, needsTrust, clock.instant().plus(patience)));
        question.enclosed = List.copyOf(enclosed);
        question.extend(clock.instant().plus(patience));
        send(question);
        return question.future;
    }

    private @Nullable String distrust(PartyId node) {
        var entry = trusted.entry(node);
        var state = entry == null ? TrustState.UNKNOWN : entry.state();
        var remedy = ": compare its fingerprint with its data manager, then run 'fedbiomed researcher node trust "
                + node + " FINGERPRINT'";
        return switch (state) {
            case TRUSTED -> null;
            case KEY_CHANGED ->
                "node '" + node + "' shows other keys than those that were trusted here" + remedy
                        + "; until then nothing is sent to it";
            case UNKNOWN, SEEN, REVOKED -> "node '" + node + "' is not trusted here" + remedy;
        };
    }

    /**
     * Stops waiting for an answer, and tells the node so: the future that {@link #ask} gave never completes.
     *
     * @return completes when the broker has been told
     */
    public CompletableFuture<Void> cancel(PartyId node, String request) {
        pending.remove(request);
        return tell(node, new Message.Cancel(request));
    }

    /** Tells the node that its reply is safe on this researcher's disk. */
    public void acknowledge(PartyId node, String request) {
        synchronized (acknowledged) {
            acknowledged.add(new Acknowledged(node, request));
        }
        tell(node, new Message.Ack(request));
    }

    private CompletableFuture<Void> tell(PartyId node, Message message) {
        return federation.send(
                new Outgoing(node, MessageCodec.encode(message)),
                clock.instant().plus(Duration.ofHours(1)));
    }

    private void send(Pending question) {
        question.sent = clock.instant();
        var message =
                new Outgoing(question.to, question.body).named(question.name).enclosing(question.enclosed);
        question.sending = federation.send(message, question.expires).thenRun(() -> question.handedOver = true);
    }

    private void receive(Received received) {
        if (!(received.message() instanceof Reply reply)) {
            LOG.debug(
                    "{} sent a {} to a researcher; ignored",
                    received.from(),
                    received.message().getClass().getSimpleName());
            return;
        }
        if (received.trust() == TrustState.TRUSTED) {
            witness.accept(received);
        }
        var question = questionOf(reply);
        if (question == null || !question.to.equals(received.from())) {
            acknowledgeAgain(received.from(), reply.request());
            return;
        }
        if (reply instanceof Reply.Error error && !error.message().equals(question.name)) {
            LOG.debug("an error of {} that answers an earlier message than this program's; ignored", received.from());
            return;
        }
        if (question.needsTrust && received.trust() != TrustState.TRUSTED) {
            LOG.warn(
                    "a reply in the name of {} was signed by a key that is not trusted ({}); ignored",
                    received.from(),
                    received.trust());
            return;
        }
        if (pending.remove(Sha256.of(question.body), question)) {
            // not on the connection's thread: what follows an answer may take long, and may ask again
            question.future.completeAsync(
                    () -> new Answer(reply, received.enclosed()),
                    task -> Thread.ofVirtual().start(task));
        }
    }

    /** A node that could not open a message does not know which request it was: it tells the message's name. */
    private @Nullable Pending questionOf(Reply reply) {
        if (reply instanceof Reply.Error error && error.request().isEmpty()) {
            return pending.values().stream()
                    .filter(question -> question.name.equals(error.message()))
                    .findFirst()
                    .orElse(null);
        }
        return pending.get(reply.request());
    }

    /** A node sends a reply until it is acknowledged; if it is sent still, the acknowledgement was lost. */
    private void acknowledgeAgain(PartyId node, String request) {
        boolean known;
        synchronized (acknowledged) {
            known = acknowledged.contains(new Acknowledged(node, request));
        }
        if (known) {
            tell(node, new Message.Ack(request));
        } else {
            LOG.debug("a reply of {} that nobody waits for", node);
        }
    }

    private void tick() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(TICK_MILLIS);
                var now = clock.instant();
                pending.forEach((id, question) -> {
                    if (!now.isBefore(question.expires)) {
                        expire(id, question);
                    } else if (question.sending.isDone() && now.isAfter(question.sent.plusSeconds(RESEND_SECONDS))) {
                        send(question);
                    }
                });
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void expire(String id, Pending question) {
        if (pending.remove(id, question)) {
            var text = question.handedOver
                    ? "no answer from node '" + question.to + "' in time; is it running? See 'fedbiomed datasets'"
                    : "the question to node '" + question.to
                            + "' could not be handed to the Network in time; is it running, and reachable from here?"
                            + " The log of this program says why";
            question.future.completeExceptionally(new FedbiomedException(ErrorCode.EXPIRED, text));
        }
    }

    /** Stops asking; futures that are open never complete. */
    @Override
    public void close() {
        ticker.interrupt();
        pending.clear();
    }
}
