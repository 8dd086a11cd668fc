package fedbiomed.protocol.mqtt;

import fedbiomed.protocol.Received;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustState;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.message.Envelope;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the bytes that the broker brought to a message: opened, in its time, not seen before. */
final class IncomingMessages {
    private static final Logger LOG = LoggerFactory.getLogger(IncomingMessages.class);
    /** A sender's clock may be so much ahead of ours; more, and its message comes from the future. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

    private final Identity self;
    private final TrustedParties trusted;
    private final ReplayGuard replays;
    private final Clock clock;

    IncomingMessages(Identity self, TrustedParties trusted, ReplayGuard replays, Clock clock) {
        this.self = self;
        this.trusted = trusted;
        this.replays = replays;
        this.clock = clock;
    }

    /**
     * Hands the message on, unless it came before: then it is ignored, since the first one was handled.
     *
     * @throws FedbiomedException why it cannot be read; its text may be sent
     */
    void receive(byte[] bytes, Consumer<Received> handler) {
        var envelope = Envelope.open(bytes, self);
        var header = envelope.header();
        requireInTime(header);
        var message = MessageCodec.decode(envelope.body());
        if (!(message instanceof Message.Scalars)) {
            trusted.seen(header.from(), header.keys());
        }
        var trust = trusted.state(header.from(), header.keys());
        var fingerprint = header.keys().fingerprint();
        if (trust == TrustState.TRUSTED && replays.knows(fingerprint, bytes, header.sent())) {
            LOG.warn("a message of {} came a second time; ignored", header.from());
            return;
        }
        handler.accept(new Received(envelope, message, trust));
        if (trust == TrustState.TRUSTED) {
            // nothing is done for others
            replays.taken(fingerprint, bytes, header.sent(), header.expires(), clock.millis());
        }
    }

    private void requireInTime(Envelope.Header header) {
        var now = clock.millis();
        if (header.sent() > now + CLOCK_TOLERANCE.toMillis()) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "the message comes from the future: sent "
                            + Duration.ofMillis(header.sent() - now).toSeconds() + " s after now by the clock of "
                            + self.party()
                            + ". Set both clocks (NTP)");
        }
        if (header.expires() <= now) {
            throw new FedbiomedException(
                    ErrorCode.EXPIRED,
                    "the message expired "
                            + Duration.ofMillis(now - header.expires()).toSeconds() + " s ago; send it again");
        }
    }
}
