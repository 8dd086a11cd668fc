package fedbiomed.protocol.transport;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Gets a party its certificate from the Network, and a new one before it expires. */
public final class EnrolmentClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_ANSWER_BYTES = 1 << 16;

    private EnrolmentClient() {}

    /** What {@code POST /v1/enrol} takes. */
    public record EnrolRequest(String secret, String certificateRequest) {}

    /** What {@code POST /v1/renew} takes. */
    public record RenewRequest(String certificateRequest) {}

    /** What both answer: PEM texts and where the Network is. */
    public record EnrolReply(String certificate, String ca, FederationAddress federation) {}

    /**
     * Makes a key pair, has the Network certify it, and writes {@code home}'s {@code transport/} folder.
     *
     * @throws FedbiomedException when the Network cannot be reached, is not the one that the invitation names, or
     *     refuses
     */
    public static TransportIdentity enrol(Invitation invitation, Path home, Clock clock) {
        if (!clock.instant().isBefore(invitation.expires())) {
            throw new FedbiomedException(
                    ErrorCode.EXPIRED,
                    "the invitation for " + invitation.party() + " expired at " + invitation.expires()
                            + "; ask the Network's administrator for a new one");
        }
        var keys = newKeyPair();
        var wanted = new CertifiedParty(invitation.party(), invitation.role());
        var store = new FederationAddress(
                        invitation.host(), invitation.storePort(), invitation.host(), invitation.storePort())
                .store();
        var request = new EnrolRequest(invitation.secret(), certificateRequest(keys, wanted));
        EnrolReply reply;
        try (var client = HttpClient.newBuilder()
                .connectTimeout(TIMEOUT)
                .sslContext(pinned(invitation.caFingerprint()))
                .sslParameters(tls13())
                .build()) {
            reply = post(client, store.resolve("/v1/enrol"), request);
        }
        var identity = identity(reply, keys, wanted);
        if (!identity.caFingerprint().equals(invitation.caFingerprint())) {
            throw new FedbiomedException(
                    ErrorCode.UNTRUSTED_SENDER,
                    "the Network answered with another CA (" + identity.caFingerprint()
                            + ") than the invitation names (" + invitation.caFingerprint()
                            + "); do not enrol: ask its administrator");
        }
        save(identity, reply.federation(), home);
        return identity;
    }

    /**
     * A new certificate for the key that {@code home} has, once less than a third of the old one's time is left.
     *
     * @return the identity to go on with: the new one, or the old one where it is not yet time
     */
    public static TransportIdentity renewIfDue(Path home, Clock clock) {
        var identity = TransportIdentity.load(home);
        var issued = identity.certificate().getNotBefore().toInstant();
        var left = Duration.between(clock.instant(), identity.expires());
        return left.multipliedBy(3).compareTo(Duration.between(issued, identity.expires())) < 0
                ? renew(home, identity)
                : identity;
    }

    /** As {@link #renewIfDue}, whether due or not; the certificate must still be valid. */
    public static TransportIdentity renew(Path home, TransportIdentity identity) {
        var keys = new KeyPair(identity.certificate().getPublicKey(), identity.privateKey());
        var who = new CertifiedParty(identity.party(), identity.role());
        EnrolReply reply;
        try (var client = identity.httpClient().connectTimeout(TIMEOUT).build()) {
            reply = post(
                    client,
                    FederationAddress.load(home).store().resolve("/v1/renew"),
                    new RenewRequest(certificateRequest(keys, who)));
        }
        var renewed = identity(reply, keys, who);
        if (!renewed.caFingerprint().equals(identity.caFingerprint())) {
            throw new FedbiomedException(
                    ErrorCode.UNTRUSTED_SENDER, "the Network has another CA than at enrolment; ask its administrator");
        }
        save(renewed, reply.federation(), home);
        return renewed;
    }

    private static void save(TransportIdentity identity, FederationAddress federation, Path home) {
        try {
            federation.save(home);
            identity.save(home);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "the certificate was issued but cannot be written to " + home + " (" + e.getMessage()
                            + "); make the folder writable and enrol with a new invitation",
                    e);
        }
    }

    private static EnrolReply post(HttpClient client, URI uri, Object body) {
        var request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
        try {
            var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            byte[] answer;
            try (var in = response.body()) {
                answer = in.readNBytes(MAX_ANSWER_BYTES);
            }
            return reply(response.statusCode(), answer, uri);
        } catch (IOException e) {
            throw unreachable(uri, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FedbiomedException(ErrorCode.CANCELLED, "interrupted while enrolling", e);
        }
    }

    /** @throws FedbiomedException what the Network refuses, or for what no Network answers */
    static EnrolReply reply(int status, byte[] answer, URI from) {
        if (status != 200) {
            throw refusal(status, answer);
        }
        try {
            var reply = Json.MAPPER.readValue(answer, EnrolReply.class);
            if (reply != null && reply.certificate() != null && reply.ca() != null && reply.federation() != null) {
                return reply;
            }
        } catch (IOException _) {
            // nor is this one
        }
        throw new FedbiomedException(
                ErrorCode.BAD_MESSAGE, from.getAuthority() + " does not answer as a Network does; check the address");
    }

    private static FedbiomedException refusal(int status, byte[] answer) {
        var text = "it answered with status " + status;
        try {
            var json = Json.MAPPER.readTree(answer);
            text = Text.shown(json.path("text").asText(text), 500) + "; "
                    + Text.shown(json.path("what_to_do").asText("ask its administrator"), 500);
        } catch (IOException _) {
            // not our JSON: the status says it
        }
        return new FedbiomedException(ErrorCode.POLICY, "the Network refused: " + text);
    }

    private static FedbiomedException unreachable(URI uri, IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof WrongCaException wrong) {
                return new FedbiomedException(ErrorCode.UNTRUSTED_SENDER, String.valueOf(wrong.getMessage()), e);
            }
        }
        return new FedbiomedException(
                ErrorCode.INTERNAL,
                "the Network at " + uri.getAuthority() + " cannot be reached (" + e
                        + "); check that it runs and that this machine may open connections to it",
                e);
    }

    /** @throws FedbiomedException unless it certifies {@code wanted} for these keys */
    static TransportIdentity identity(EnrolReply reply, KeyPair keys, CertifiedParty wanted) {
        try {
            var identity = new TransportIdentity(
                    keys.getPrivate(),
                    Pem.certificates(reply.certificate()).getFirst(),
                    Pem.certificates(reply.ca()).getFirst());
            identity.certificate().verify(identity.ca().getPublicKey());
            if (!CertifiedParty.of(identity.certificate()).equals(wanted)) {
                throw new FedbiomedException(
                        ErrorCode.UNTRUSTED_SENDER, "the Network certified another party than " + wanted.party());
            }
            return identity;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "the Network's answer holds no certificate that fits; ask its administrator",
                    e);
        }
    }

    /** A fresh EC P-256 pair. */
    public static KeyPair newKeyPair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), new SecureRandom());
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has EC P-256", e);
        }
    }

    /** A PKCS 10 request (RFC 2986) as PEM, signed with the pair's private key. */
    public static String certificateRequest(KeyPair keys, CertifiedParty party) {
        try {
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
            var request = new JcaPKCS10CertificationRequestBuilder(new X500Principal(party.subject()), keys.getPublic())
                    .build(signer);
            return Pem.encode(Pem.CERTIFICATE_REQUEST, request.getEncoded());
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("a certificate request cannot be signed", e);
        }
    }

    private static SSLParameters tls13() {
        var parameters = new SSLParameters();
        parameters.setProtocols(new String[] {TransportIdentity.TLS});
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

    private static SSLContext pinned(String caFingerprint) {
        try {
            var context = SSLContext.getInstance(TransportIdentity.TLS);
            context.init(null, new TrustManager[] {new PinnedCa(caFingerprint)}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }

    /** The server is not signed by the CA whose fingerprint the invitation names. */
    static final class WrongCaException extends CertificateException {
        private static final long serialVersionUID = 1;

        WrongCaException(String message) {
            super(message);
        }
    }

    static X509Certificate requirePinned(X509Certificate[] chain, String fingerprint) throws WrongCaException {
        for (var certificate : chain) {
            if (TransportIdentity.fingerprint(certificate).equals(fingerprint)) {
                return certificate;
            }
        }
        var last = chain.length == 0 ? "none" : TransportIdentity.fingerprint(chain[chain.length - 1]);
        throw new WrongCaException("the server shows the CA " + last + ", the invitation names " + fingerprint
                + ": this is another Network, or someone stands between; do not enrol, ask the administrator");
    }
}
