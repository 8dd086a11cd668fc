package fedbiomed.network.enrolment;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.transport.CertifiedParty;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.Pem;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certifies the federation's parties and its own server (X.509, RFC 5280; EC P-256, ECDSA with SHA-256). Its key lies in
 * {@code ca/ca-key.pem}, owner-only and encrypted ({@link AuthorityKey}); it is opened for issuing alone, when that is first
 * asked for.
 */
public final class CertificateAuthority {
    /** Short, so that a lost key loses its worth; renewed by the party itself. */
    public static final Duration PARTY_VALIDITY = Duration.ofDays(90);

    static final Duration SERVER_VALIDITY = Duration.ofDays(397);
    private static final Duration CA_VALIDITY = Duration.ofDays(3653);
    /** Clocks of hospitals differ. */
    private static final Duration BACKDATED = Duration.ofHours(1);

    private static final String KEY_FILE = "ca-key.pem";
    private static final int SERIAL_BITS = 127;
    private static final int MAX_PEM_BYTES = 1 << 16;
    private static final int MAX_REQUEST_BYTES = 1 << 13;
    private static final int P256_BITS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(CertificateAuthority.class);

    private final Path keyFile;
    private final CaPassphrase passphrase;
    private final X509Certificate certificate;
    private final Clock clock;
    private final SecureRandom random;
    private @Nullable PrivateKey key;

    private CertificateAuthority(
            Path keyFile, CaPassphrase passphrase, X509Certificate certificate, Clock clock, SecureRandom random) {
        this.keyFile = keyFile;
        this.passphrase = passphrase;
        this.certificate = certificate;
        this.clock = clock;
        this.random = random;
    }

    /** Makes a CA in {@code home}'s {@code ca/} folder, its key encrypted with {@code passphrase}. */
    public static CertificateAuthority create(Path home, CaPassphrase passphrase, Clock clock, SecureRandom random)
            throws IOException {
        // before the key is there: a key without its passphrase would be lost
        var secret = passphrase.forNewKey(random);
        var keys = EnrolmentClient.newKeyPair();
        var name = new X500Principal("CN=Fed-BioMed Network CA " + new BigInteger(64, random).toString(16));
        var now = clock.instant();
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    name,
                    serial(random),
                    Date.from(now.minus(BACKDATED)),
                    Date.from(now.plus(CA_VALIDITY)),
                    name,
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
            var certificate = signed(builder, keys.getPrivate());
            var folder = home.resolve("ca");
            AtomicFiles.createOwnerOnlyFolder(folder);
            var keyFile = folder.resolve(KEY_FILE);
            AtomicFiles.writeOwnerOnly(keyFile, ascii(AuthorityKey.encrypt(keys.getPrivate(), secret, random)));
            AtomicFiles.write(folder.resolve("ca.pem"), ascii(Pem.encode(Pem.CERTIFICATE, certificate.getEncoded())));
            var ca = new CertificateAuthority(keyFile, passphrase, certificate, clock, random);
            ca.key = keys.getPrivate();
            return ca;
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("the CA's certificate cannot be made", e);
        } finally {
            Arrays.fill(secret, '\0');
        }
    }

    /** @throws FedbiomedException when there is none, or its key can be read by others */
    public static CertificateAuthority load(Path home, CaPassphrase passphrase, Clock clock, SecureRandom random) {
        var folder = home.resolve("ca");
        var keyFile = folder.resolve(KEY_FILE);
        if (!Files.exists(keyFile)) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    home + " is no Network's home (there is no " + keyFile
                            + "); make one with 'fedbiomed network init --home " + home + "'");
        }
        try {
            AtomicFiles.requireOwnerOnly(keyFile);
            return new CertificateAuthority(
                    keyFile,
                    passphrase,
                    Pem.certificates(text(folder.resolve("ca.pem"))).getFirst(),
                    clock,
                    random);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "the CA in " + folder + " cannot be read (" + e.getMessage()
                            + "); restore the folder from a backup",
                    e);
        }
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /**
     * Opens the key now, so that a start without the passphrase fails and not the first enrolment. A key of an earlier
     * version, which lies there in clear, is encrypted; where that cannot be, the log says what to do.
     */
    public synchronized void open() {
        if (!isEncrypted()) {
            try {
                var secret = passphrase.forNewKey(random);
                AtomicFiles.writeOwnerOnly(keyFile, ascii(AuthorityKey.encrypt(key(), secret, random)));
                Arrays.fill(secret, '\0');
                LOG.info(
                        "the key of the certificate authority is encrypted now; its passphrase is in {}",
                        passphrase.isInFile() ? passphrase.file() : CaPassphrase.VARIABLE);
            } catch (IOException e) {
                LOG.warn(
                        "the key of the certificate authority in {} is not encrypted: a passphrase cannot be written to"
                                + " {} ({}); set ca_passphrase_file in config.yaml, or the environment variable {}, and"
                                + " start again",
                        keyFile,
                        passphrase.file(),
                        e.toString(),
                        CaPassphrase.VARIABLE);
            }
        }
        key();
    }

    /** @throws FedbiomedException when the key cannot be opened; changes nothing */
    public void requireKey() {
        key();
    }

    /** Whether the key's file is of no use without the passphrase. */
    public boolean isEncrypted() {
        try {
            return AuthorityKey.isEncrypted(text(keyFile));
        } catch (IOException e) {
            throw unreadable(keyFile, e);
        }
    }

    private synchronized PrivateKey key() {
        var opened = key;
        if (opened == null) {
            try {
                var pem = text(keyFile);
                opened = AuthorityKey.isEncrypted(pem) ? decrypted(pem) : Pem.privateKey(pem);
            } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
                throw unreadable(keyFile, e);
            }
            key = opened;
        }
        return opened;
    }

    private PrivateKey decrypted(String pem) throws GeneralSecurityException {
        var secret = passphrase.known();
        try {
            return AuthorityKey.decrypt(pem, secret);
        } finally {
            Arrays.fill(secret, '\0');
        }
    }

    private static FedbiomedException unreadable(Path file, Exception e) {
        return new FedbiomedException(
                ErrorCode.INTERNAL,
                "the key of the certificate authority in " + file + " cannot be opened (" + e.getMessage()
                        + "); give the passphrase that it was made with, or restore the folder from a backup",
                e);
    }

    public String fingerprint() {
        return TransportIdentity.fingerprint(certificate);
    }

    /** A client's certificate: CN the party, OU its role. */
    X509Certificate issue(CertifiedParty party, PublicKey publicKey) {
        return issue(party.subject(), publicKey, PARTY_VALIDITY, KeyPurposeId.id_kp_clientAuth, List.of());
    }

    /** The server's certificate, for these host names and addresses. */
    X509Certificate issueServer(List<String> hosts, PublicKey publicKey) {
        return issue("CN=Fed-BioMed Network", publicKey, SERVER_VALIDITY, KeyPurposeId.id_kp_serverAuth, hosts);
    }

    private X509Certificate issue(
            String subject, PublicKey publicKey, Duration validity, KeyPurposeId purpose, List<String> hosts) {
        var now = clock.instant();
        try {
            var extensions = new JcaX509ExtensionUtils();
            var builder = new JcaX509v3CertificateBuilder(
                    certificate,
                    serial(random),
                    Date.from(now.minus(BACKDATED)),
                    Date.from(now.plus(validity)),
                    new X500Principal(subject),
                    publicKey);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(publicKey));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(certificate));
            if (!hosts.isEmpty()) {
                var names = hosts.stream()
                        .map(host ->
                                new GeneralName(isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
                        .toArray(GeneralName[]::new);
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            return signed(builder, key());
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("a certificate for " + subject + " cannot be made", e);
        }
    }

    /** A list of the revoked, valid for as long as certificates are (RFC 5280, section 5), as PEM. */
    public String revocationList(Map<BigInteger, Instant> revoked) {
        var now = clock.instant();
        try {
            var builder = new JcaX509v2CRLBuilder(certificate, Date.from(now));
            builder.setNextUpdate(Date.from(now.plus(CA_VALIDITY)));
            revoked.forEach(
                    (serial, when) -> builder.addCRLEntry(serial, Date.from(when), CRLReason.cessationOfOperation));
            var list = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key()));
            return Pem.encode("X509 CRL", new JcaX509CRLConverter().getCRL(list).getEncoded());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("the list of revoked certificates cannot be made", e);
        }
    }

    /**
     * The key of a PKCS 10 request that proves to hold its private half.
     *
     * @throws FedbiomedException when the request is none, is not signed by its key, or the key is not EC P-256
     */
    static PublicKey provenKey(String requestPem) {
        try {
            if (requestPem.length() > MAX_REQUEST_BYTES) {
                throw new IllegalArgumentException("more than " + MAX_REQUEST_BYTES + " characters");
            }
            var request = new JcaPKCS10CertificationRequest(
                    Pem.decode(Pem.CERTIFICATE_REQUEST, requestPem).getFirst());
            var publicKey = request.getPublicKey();
            if (!(publicKey instanceof ECPublicKey ec)
                    || ec.getParams().getCurve().getField().getFieldSize() != P256_BITS
                    || !ec.getParams().toString().contains("1.2.840.10045.3.1.7")) {
                throw new IllegalArgumentException("its key is not EC P-256");
            }
            if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(publicKey))) {
                throw new IllegalArgumentException("it is not signed with its own key");
            }
            return publicKey;
        } catch (IOException
                | GeneralSecurityException
                | OperatorCreationException
                | PKCSException
                | RuntimeException e) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE, "the certificate request cannot be used: " + e.getMessage(), e);
        }
    }

    private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, IOException, GeneralSecurityException {
        return Pem.certificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key))
                .getEncoded());
    }

    private static BigInteger serial(SecureRandom random) {
        return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
    }

    private static boolean isAddress(String host) {
        return host.matches("[0-9.]+") || host.indexOf(':') >= 0;
    }

    private static String text(Path file) throws IOException {
        return new String(AtomicFiles.readBounded(file, MAX_PEM_BYTES), StandardCharsets.US_ASCII);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
