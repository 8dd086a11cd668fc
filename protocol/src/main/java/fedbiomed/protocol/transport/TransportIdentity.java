package fedbiomed.protocol.transport;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A party's private key (EC P-256), its certificate and the CA that issued it, as they lie in the home's
 * {@code transport/} folder: {@code key.pem} (PKCS 8, owner-only), {@code certificate.pem}, {@code ca.pem}. Trusts
 * that CA alone, and speaks TLS 1.3 alone.
 */
public final class TransportIdentity {
    public static final String FOLDER = "transport";
    static final String KEY_FILE = "key.pem";
    static final String CERTIFICATE_FILE = "certificate.pem";
    static final String CA_FILE = "ca.pem";
    public static final String TLS = "TLSv1.3";
    /** Ours have less than 2 kB. */
    private static final int MAX_PEM_BYTES = 1 << 16;
    /** The key store lives in memory only; JSSE wants a password all the same. */
    private static final char[] IN_MEMORY = "in memory".toCharArray();

    private final PrivateKey privateKey;
    private final X509Certificate certificate;
    private final X509Certificate ca;
    private final CertifiedParty certified;

    public TransportIdentity(PrivateKey privateKey, X509Certificate certificate, X509Certificate ca) {
        this.privateKey = privateKey;
        this.certificate = certificate;
        this.ca = ca;
        this.certified = CertifiedParty.of(certificate);
        requireOnePair();
    }

    /** Whether {@code home} was enrolled. */
    public static boolean exists(Path home) {
        return Files.exists(home.resolve(FOLDER).resolve(CERTIFICATE_FILE));
    }

    /** @throws FedbiomedException when a file is missing, not PEM, readable by others, or does not fit the others */
    public static TransportIdentity load(Path home) {
        var folder = home.resolve(FOLDER);
        if (!exists(home)) {
            throw new FedbiomedException(
                    ErrorCode.UNTRUSTED_SENDER,
                    home + " is not enrolled (there is no " + folder.resolve(CERTIFICATE_FILE)
                            + "); ask the Network's administrator for an invitation and enrol with it");
        }
        try {
            AtomicFiles.requireOwnerOnly(folder.resolve(KEY_FILE));
            return new TransportIdentity(
                    Pem.privateKey(text(folder.resolve(KEY_FILE))),
                    Pem.certificates(text(folder.resolve(CERTIFICATE_FILE))).getFirst(),
                    Pem.certificates(text(folder.resolve(CA_FILE))).getFirst());
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new FedbiomedException(
                    ErrorCode.UNTRUSTED_SENDER,
                    "the key or a certificate in " + folder + " cannot be read (" + e.getMessage()
                            + "); restore the folder or enrol again with a new invitation",
                    e);
        }
    }

    /** Writes the three files; the key first, so that a certificate never stands without its key. */
    void save(Path home) throws IOException {
        var folder = home.resolve(FOLDER);
        AtomicFiles.createOwnerOnlyFolder(folder);
        try {
            AtomicFiles.writeOwnerOnly(
                    folder.resolve(KEY_FILE), ascii(Pem.encode(Pem.PRIVATE_KEY, privateKey.getEncoded())));
            AtomicFiles.write(folder.resolve(CA_FILE), ascii(Pem.encode(Pem.CERTIFICATE, ca.getEncoded())));
            AtomicFiles.write(
                    folder.resolve(CERTIFICATE_FILE), ascii(Pem.encode(Pem.CERTIFICATE, certificate.getEncoded())));
        } catch (CertificateEncodingException e) {
            throw new IOException(e);
        }
    }

    public PartyId party() {
        return certified.party();
    }

    public Role role() {
        return certified.role();
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public X509Certificate ca() {
        return ca;
    }

    public PrivateKey privateKey() {
        return privateKey;
    }

    public Instant expires() {
        return certificate.getNotAfter().toInstant();
    }

    /** The SHA-256 of the CA's DER: what an {@link Invitation} pins. */
    public String caFingerprint() {
        return fingerprint(ca);
    }

    public static String fingerprint(X509Certificate certificate) {
        try {
            return Sha256.of(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate that was read can be written", e);
        }
    }

    /** For clients; with {@link #sslParameters}, which hold it to TLS 1.3. */
    public SSLContext sslContext() {
        return context(keyManagerFactory(), trustManagerFactory());
    }

    public SSLParameters sslParameters() {
        var parameters = new SSLParameters();
        parameters.setProtocols(new String[] {TLS});
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return parameters;
    }

    /** An HTTP client to be built that authenticates as this party. */
    public HttpClient.Builder httpClient() {
        return HttpClient.newBuilder().sslContext(sslContext()).sslParameters(sslParameters());
    }

    public KeyManagerFactory keyManagerFactory() {
        return keyManagers(privateKey, certificate, ca);
    }

    public TrustManagerFactory trustManagerFactory() {
        return trustOnly(ca);
    }

    /** The key with its chain, for either end of a connection. */
    public static KeyManagerFactory keyManagers(PrivateKey key, X509Certificate... chain) {
        try {
            var store = KeyStore.getInstance("JKS");
            store.load(null, null);
            store.setKeyEntry("key", key, IN_MEMORY, chain);
            var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, IN_MEMORY);
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory cannot be made", e);
        }
    }

    /** Trusts what {@code ca} signed and nothing else. */
    public static TrustManagerFactory trustOnly(X509Certificate ca) {
        try {
            var store = KeyStore.getInstance("JKS");
            store.load(null, null);
            store.setCertificateEntry("ca", ca);
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a trust store in memory cannot be made", e);
        }
    }

    public static SSLContext context(KeyManagerFactory keys, TrustManagerFactory trust) {
        try {
            var context = SSLContext.getInstance(TLS);
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }

    /** A crash between two files of an enrolment leaves a key beside another's certificate: said here, not in TLS. */
    private void requireOnePair() {
        try {
            var probe = "one pair".getBytes(StandardCharsets.US_ASCII);
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(privateKey);
            signature.update(probe);
            var signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(probe);
            if (signature.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw notOnePair(e);
        }
        throw notOnePair(null);
    }

    private static FedbiomedException notOnePair(@Nullable Exception cause) {
        var text = "the private key and the certificate do not belong together; enrol again with a new invitation";
        return cause == null
                ? new FedbiomedException(ErrorCode.UNTRUSTED_SENDER, text)
                : new FedbiomedException(ErrorCode.UNTRUSTED_SENDER, text, cause);
    }

    private static String text(Path file) throws IOException {
        return new String(AtomicFiles.readBounded(file, MAX_PEM_BYTES), StandardCharsets.US_ASCII);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
