package fedbiomed.network.enrolment;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.Pem;
import fedbiomed.protocol.transport.TransportIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;

/** The Network's own key and certificate, shared by store and broker: {@code server/key.pem}, {@code server/certificate.pem}. */
public record ServerIdentity(PrivateKey key, X509Certificate certificate, X509Certificate ca) {
    private static final Duration RENEWED_BEFORE = Duration.ofDays(60);
    private static final int MAX_PEM_BYTES = 1 << 16;

    /**
     * The identity in {@code home}, made anew where there is none, where it expires within 60 days, or where it does
     * not name exactly {@code hosts}, {@code localhost} and {@code 127.0.0.1}.
     */
    public static ServerIdentity ready(Path home, CertificateAuthority ca, List<String> hosts, Clock clock)
            throws IOException {
        var names = new LinkedHashSet<>(hosts);
        names.addAll(List.of("localhost", "127.0.0.1"));
        var folder = home.resolve("server");
        if (Files.exists(folder.resolve("certificate.pem"))) {
            try {
                AtomicFiles.requireOwnerOnly(folder.resolve("key.pem"));
                var identity = new ServerIdentity(
                        Pem.privateKey(text(folder.resolve("key.pem"))),
                        Pem.certificates(text(folder.resolve("certificate.pem")))
                                .getFirst(),
                        ca.certificate());
                if (identity.serves(names, clock) && identity.isWhole()) {
                    return identity;
                }
            } catch (GeneralSecurityException | IllegalArgumentException _) {
                // what cannot be read is replaced: nobody pins the server's own certificate
            }
        }
        return issued(folder, ca, List.copyOf(names));
    }

    private static ServerIdentity issued(Path folder, CertificateAuthority ca, List<String> names) throws IOException {
        var keys = EnrolmentClient.newKeyPair();
        var certificate = ca.issueServer(names, keys.getPublic());
        AtomicFiles.createOwnerOnlyFolder(folder);
        AtomicFiles.writeOwnerOnly(
                folder.resolve("key.pem"),
                Pem.encode(Pem.PRIVATE_KEY, keys.getPrivate().getEncoded()).getBytes(StandardCharsets.US_ASCII));
        var identity = new ServerIdentity(keys.getPrivate(), certificate, ca.certificate());
        AtomicFiles.write(folder.resolve("certificate.pem"), identity.chainPem().getBytes(StandardCharsets.US_ASCII));
        return identity;
    }

    private boolean serves(Set<String> names, Clock clock) throws CertificateParsingException {
        var held = new TreeSet<String>();
        var alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            alternatives.forEach(name -> held.add(String.valueOf(name.get(1))));
        }
        return held.equals(new TreeSet<>(names))
                && clock.instant()
                        .plus(RENEWED_BEFORE)
                        .isBefore(certificate.getNotAfter().toInstant());
    }

    /** Signed by this CA, for this key: false after a crash between the two files, or with another CA's files. */
    private boolean isWhole() {
        try {
            certificate.verify(ca.getPublicKey());
            var probe = java.security.Signature.getInstance("SHA256withECDSA");
            probe.initSign(key);
            var signature = probe.sign();
            probe.initVerify(certificate.getPublicKey());
            return probe.verify(signature);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    /** The certificate and its CA, as servers send them. */
    public String chainPem() {
        try {
            return Pem.encode(Pem.CERTIFICATE, certificate.getEncoded()) + Pem.encode(Pem.CERTIFICATE, ca.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }

    /** For a server: shows this certificate, believes clients that the CA certified. */
    public SSLContext sslContext() {
        return TransportIdentity.context(
                TransportIdentity.keyManagers(key, certificate, ca), TransportIdentity.trustOnly(ca));
    }

    /** A PKCS 12 key store with the key and its chain, for servers that want a file. */
    public void writeKeyStore(Path file, char[] password) throws IOException {
        try {
            var store = emptyStore();
            store.setKeyEntry("server", key, password, new X509Certificate[] {certificate, ca});
            write(store, file, password);
        } catch (GeneralSecurityException e) {
            throw new IOException("the server's key store cannot be made", e);
        }
    }

    /** A PKCS 12 trust store with the CA alone. */
    public void writeTrustStore(Path file, char[] password) throws IOException {
        try {
            var store = emptyStore();
            store.setCertificateEntry("ca", ca);
            write(store, file, password);
        } catch (GeneralSecurityException e) {
            throw new IOException("the server's trust store cannot be made", e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static void write(KeyStore store, Path file, char[] password) throws GeneralSecurityException, IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        store.store(bytes, password);
        AtomicFiles.writeOwnerOnly(file, bytes.toByteArray());
    }

    private static String text(Path file) throws IOException {
        return new String(AtomicFiles.readBounded(file, MAX_PEM_BYTES), StandardCharsets.US_ASCII);
    }
}
