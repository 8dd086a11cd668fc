package fedbiomed.protocol.audit;

import fedbiomed.protocol.message.AuditHead;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/**
 * Where the Network's audit log ended at a moment, signed with the key of the certificate that it shows: whoever keeps it
 * can prove it to others.
 *
 * @param head {@link AuditHead#toString}
 * @param time by the Network's clock, ISO 8601
 * @param signature ECDSA with SHA-256 over {@code fedbiomed-audit-head-v1}, head and time, a line each; Base64
 */
public record SignedHead(String head, String time, String signature) {
    private static final String ALGORITHM = "SHA256withECDSA";

    public static SignedHead sign(AuditHead head, Instant time, PrivateKey key) {
        var moment = time.truncatedTo(ChronoUnit.MILLIS).toString();
        try {
            var signature = Signature.getInstance(ALGORITHM);
            signature.initSign(key);
            signature.update(signed(head.toString(), moment));
            return new SignedHead(head.toString(), moment, Base64.getEncoder().encodeToString(signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the Network's key cannot sign", e);
        }
    }

    /** @throws IllegalArgumentException if it is not what the holder of {@code key} signed */
    public void requireSignedBy(PublicKey key) {
        try {
            var check = Signature.getInstance(ALGORITHM);
            check.initVerify(key);
            check.update(signed(head, time));
            if (check.verify(Base64.getDecoder().decode(signature))) {
                return;
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the head of the Network's audit log is not signed", e);
        }
        throw new IllegalArgumentException("the head of the Network's audit log is not signed by its key");
    }

    private static byte[] signed(String head, String time) {
        return ("fedbiomed-audit-head-v1\n" + head + "\n" + time).getBytes(StandardCharsets.UTF_8);
    }
}
