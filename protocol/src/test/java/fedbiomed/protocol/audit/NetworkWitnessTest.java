package fedbiomed.protocol.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.message.AuditHead;
import fedbiomed.protocol.transport.EnrolmentClient;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class NetworkWitnessTest {
    private static final AuditHead HEAD = new AuditHead(7, "ab".repeat(32));

    @Test
    void aHeadIsSignedWithItsTime() {
        var keys = EnrolmentClient.newKeyPair();
        var signed = SignedHead.sign(HEAD, Instant.parse("2026-11-25T08:00:00Z"), keys.getPrivate());
        signed.requireSignedBy(keys.getPublic());
        var other = EnrolmentClient.newKeyPair().getPublic();
        assertThatThrownBy(() -> signed.requireSignedBy(other)).hasMessageContaining("not signed");
        var later = new SignedHead(signed.head(), "2026-11-25T09:00:00Z", signed.signature());
        assertThatThrownBy(() -> later.requireSignedBy(keys.getPublic())).hasMessageContaining("not signed");
        var longer = new SignedHead(HEAD.toString().replace("7:", "8:"), signed.time(), signed.signature());
        assertThatThrownBy(() -> longer.requireSignedBy(keys.getPublic())).hasMessageContaining("not signed");
        var none = new SignedHead(signed.head(), signed.time(), "no Base64!");
        assertThatThrownBy(() -> none.requireSignedBy(keys.getPublic())).isInstanceOf(IllegalArgumentException.class);
        assertThat(AuditHead.parse(signed.head())).isEqualTo(HEAD);
    }
}
