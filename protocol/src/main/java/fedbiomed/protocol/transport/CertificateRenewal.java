package fedbiomed.protocol.transport;

import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the certificate of a party that runs for months renewed in time: from when a third of its life is left on, it is
 * asked for until it is had.
 */
public final class CertificateRenewal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CertificateRenewal.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofHours(1);

    private final Path home;
    private final Clock clock;
    private final Consumer<TransportIdentity> onRenewed;
    private final Duration betweenLooks;
    private final Thread looking;
    private TransportIdentity current;
    private String lastComplaint = "";

    /**
     * Looks every hour.
     *
     * @param current what the party uses now
     * @param onRenewed told of each new identity, which lies in {@code home} by then
     */
    public CertificateRenewal(
            Path home, TransportIdentity current, Clock clock, Consumer<TransportIdentity> onRenewed) {
        this(home, current, clock, onRenewed, BETWEEN_LOOKS);
    }

    /** As above, with another pause between two looks. */
    public CertificateRenewal(
            Path home,
            TransportIdentity current,
            Clock clock,
            Consumer<TransportIdentity> onRenewed,
            Duration betweenLooks) {
        this.home = home;
        this.current = current;
        this.clock = clock;
        this.onRenewed = onRenewed;
        this.betweenLooks = betweenLooks;
        this.looking = Thread.ofVirtual().name("certificate-renewal").start(this::look);
    }

    private void look() {
        try {
            while (true) {
                Thread.sleep(betweenLooks);
                renewIfDue();
            }
        } catch (InterruptedException _) {
            // closed
        }
    }

    private void renewIfDue() {
        try {
            var renewed = EnrolmentClient.renewIfDue(home, clock);
            if (!renewed.certificate().equals(current.certificate())) {
                current = renewed;
                lastComplaint = "";
                LOG.info("the certificate was renewed and is valid until {}", renewed.expires());
                onRenewed.accept(renewed);
            }
        } catch (FedbiomedException e) {
            if (!e.text().equals(lastComplaint)) {
                lastComplaint = e.text();
                LOG.warn(
                        "the certificate, valid until {}, could not be renewed; trying again: {}",
                        current.expires(),
                        e.text());
            }
        } catch (RuntimeException e) {
            LOG.error("the renewal of the certificate failed; trying again", e);
        }
    }

    @Override
    public void close() {
        looking.interrupt();
    }
}
