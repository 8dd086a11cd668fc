package fedbiomed.protocol.audit;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.home.FileLocks;
import fedbiomed.protocol.message.AuditHead;
import fedbiomed.protocol.transport.Pem;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last head of the Network's audit log that a party was told, {@code network-audit-head.json} in its home: with the
 * Network's signature and certificate, so that a log that was cut or written anew is seen and can be shown.
 */
public final class NetworkWitness {
    public static final String FILE = "network-audit-head.json";

    private static final Logger LOG = LoggerFactory.getLogger(NetworkWitness.class);
    private static final int MAX_BYTES = 1 << 16;

    private final Path file;

    /**
     * @param certificate whose key signed it, as PEM
     * @param alarm for a person: how the log changed where it should have grown; empty if it did not
     */
    public record Seen(SignedHead signed, String certificate, String alarm) {}

    public NetworkWitness(Path home) {
        this.file = home.resolve(FILE);
    }

    public synchronized @Nullable Seen seen() throws IOException {
        return Files.exists(file) ? Json.MAPPER.readValue(AtomicFiles.readBounded(file, MAX_BYTES), Seen.class) : null;
    }

    /** Compares it with the one before, and keeps it. What is not as it must be is said, and hinders nothing. */
    public synchronized void saw(SignedHead signed, X509Certificate network) {
        try {
            signed.requireSignedBy(network.getPublicKey());
            var head = AuditHead.parse(signed.head());
            var time = Instant.parse(signed.time());
            var certificate = Pem.encode(Pem.CERTIFICATE, network.getEncoded());
            FileLocks.holding(file.resolveSibling(FILE + ".lock"), () -> {
                var before = seen();
                if (before != null && !before.alarm().isEmpty()) {
                    LOG.error("{}", before.alarm());
                    return before;
                }
                // answers to programs of one home may overtake each other
                if (before != null
                        && time.isBefore(Instant.parse(before.signed().time()))) {
                    return before;
                }
                var alarm = before == null
                        ? ""
                        : alarm(AuditHead.parse(before.signed().head()), head);
                var now = before != null && !alarm.isEmpty()
                        ? new Seen(before.signed(), before.certificate(), alarm)
                        : new Seen(signed, certificate, "");
                AtomicFiles.write(file, Json.bytes(now));
                return now;
            });
        } catch (IOException | IllegalArgumentException | DateTimeParseException | CertificateEncodingException e) {
            LOG.error("the head of the Network's audit log was not kept in {}: {}", FILE, e.getMessage());
        }
    }

    private static String alarm(AuditHead before, AuditHead now) {
        String what;
        if (now.sequence() < before.sequence()) {
            what = "it had " + before.sequence() + " lines and now " + now.sequence();
        } else if (now.sequence() == before.sequence() && !now.equals(before)) {
            what = "line " + now.sequence() + " of it is another one than before";
        } else {
            return "";
        }
        var alarm = "THE AUDIT LOG OF THE NETWORK WAS CUT OR WRITTEN ANEW: " + what
                + ". Ask its administrator to run 'fedbiomed network audit verify --head " + before
                + "'; if there is a good reason (a home restored from a backup), keep " + FILE
                + " of this home as a proof and move it away, to begin anew";
        LOG.error("{}", alarm);
        return alarm;
    }
}
