package fedbiomed.protocol.transport;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** The textual encoding of keys, certificates and requests (RFC 7468). */
public final class Pem {
    public static final String PRIVATE_KEY = "PRIVATE KEY";
    public static final String CERTIFICATE = "CERTIFICATE";
    public static final String CERTIFICATE_REQUEST = "CERTIFICATE REQUEST";

    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private Pem() {}

    public static String encode(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + LINES.encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    /**
     * Every block of that label, in order, as DER.
     *
     * @throws IllegalArgumentException when there is none or its base64 is broken
     */
    public static List<byte[]> decode(String label, String text) {
        var block = Pattern.compile(Pattern.quote("-----BEGIN " + label + "-----") + "([A-Za-z0-9+/=\\s]*)"
                + Pattern.quote("-----END " + label + "-----"));
        var blocks = new ArrayList<byte[]>();
        var match = block.matcher(text);
        while (match.find()) {
            blocks.add(Base64.getMimeDecoder().decode(match.group(1)));
        }
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException("no PEM block '" + label + "'");
        }
        return blocks;
    }

    public static PrivateKey privateKey(String text) throws GeneralSecurityException {
        return KeyFactory.getInstance("EC")
                .generatePrivate(
                        new PKCS8EncodedKeySpec(decode(PRIVATE_KEY, text).getFirst()));
    }

    public static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
        var certificates = new ArrayList<X509Certificate>();
        for (var der : decode(CERTIFICATE, text)) {
            certificates.add(certificate(der));
        }
        return certificates;
    }

    public static X509Certificate certificate(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }
}
