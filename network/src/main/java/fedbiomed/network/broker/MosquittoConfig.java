package fedbiomed.network.broker;

import fedbiomed.network.enrolment.CertificateAuthority;
import fedbiomed.network.enrolment.PartyRegister;
import fedbiomed.network.enrolment.ServerIdentity;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.transport.Pem;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rules of {@link TopicAccess} as files for Mosquitto 2.0: {@code mosquitto.conf}, {@code acl}, {@code revoked.pem}
 * and the TLS files. The user's name is the certificate's CN, and the client id is set to it, so that no party can take
 * another's session.
 */
public record MosquittoConfig(
        int port,
        DataSize maxMessage,
        long inboxMessages,
        DataSize inboxSize,
        int connections,
        Duration sessionExpiry) {

    /** Writes the files into {@code folder}; they refer to each other by its absolute path. */
    public void write(Path folder, ServerIdentity identity, CertificateAuthority ca, PartyRegister register) {
        try {
            AtomicFiles.createOwnerOnlyFolder(folder);
            Files.createDirectories(folder.resolve("data"));
            AtomicFiles.write(folder.resolve("ca.pem"), ascii(pem(identity)));
            AtomicFiles.write(folder.resolve("server.pem"), ascii(identity.chainPem()));
            AtomicFiles.writeOwnerOnly(
                    folder.resolve("server-key.pem"),
                    ascii(Pem.encode(Pem.PRIVATE_KEY, identity.key().getEncoded())));
            AtomicFiles.write(folder.resolve("revoked.pem"), ascii(ca.revocationList(register.revokedCertificates())));
            AtomicFiles.writeOwnerOnly(
                    folder.resolve("acl"), ascii(accessList(register.access().parties())));
            AtomicFiles.write(folder.resolve("mosquitto.conf"), ascii(configuration(folder.toAbsolutePath())));
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL, "cannot write the broker's files to " + folder + ": " + e.getMessage(), e);
        }
    }

    /** The text of {@code mosquitto.conf}. */
    public String configuration(Path folder) {
        return """
                # Written by 'network broker-config mosquitto': it is written anew whenever parties come or go, and
                # Mosquitto must then be told to read it (SIGHUP; 'broker.on_change' of the Network's config.yaml does so).
                # A revoked party that is connected can neither send nor receive from then on; only a restart disconnects it.
                per_listener_settings false
                listener %d
                protocol mqtt
                tls_version tlsv1.3
                cafile %s/ca.pem
                certfile %s/server.pem
                keyfile %s/server-key.pem
                crlfile %s/revoked.pem
                require_certificate true
                use_identity_as_username true
                use_username_as_clientid true
                allow_anonymous false
                acl_file %s/acl
                max_packet_size %d
                max_queued_messages %d
                max_queued_bytes %d
                max_topic_alias 0
                max_connections %d
                max_keepalive %d
                persistence true
                persistence_location %s/data/
                autosave_on_changes true
                autosave_interval 1
                persistent_client_expiration %dd
                """.formatted(
                        port,
                        folder,
                        folder,
                        folder,
                        folder,
                        folder,
                        maxMessage.bytes() + PacketGuard.HEADROOM_BYTES,
                        inboxMessages,
                        inboxSize.bytes(),
                        connections,
                        ArtemisConfiguration.KEEP_ALIVE_SECONDS,
                        folder,
                        Math.max(1, sessionExpiry.toDays()));
    }

    /** The text of the access list: a section for each party. */
    public static String accessList(Map<PartyId, Role> parties) {
        var text = new StringBuilder("# Written by 'network broker-config mosquitto'.\n");
        new TreeMap<>(parties).forEach((party, role) -> {
            text.append("\nuser ").append(party).append('\n');
            line(text, "write", TopicAccess.presence(party));
            var other = role == Role.NODE ? Role.RESEARCHER : Role.NODE;
            new TreeMap<>(parties).forEach((peer, peerRole) -> {
                if (peerRole == other) {
                    line(text, "write", TopicAccess.ROOT + other.lower() + "/" + peer + "/inbox");
                    if (role == Role.NODE) {
                        line(text, "write", TopicAccess.monitor(peer));
                    }
                }
            });
            line(text, "read", TopicAccess.ROOT + role.lower() + "/" + party + "/inbox");
            if (role == Role.RESEARCHER) {
                line(text, "read", TopicAccess.monitor(party));
                line(text, "read", TopicAccess.PRESENCE + "+");
            }
        });
        return text.toString();
    }

    private static void line(StringBuilder text, String access, String topic) {
        text.append("topic ").append(access).append(' ').append(topic).append('\n');
    }

    private static String pem(ServerIdentity identity) {
        try {
            return Pem.encode(Pem.CERTIFICATE, identity.ca().getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
