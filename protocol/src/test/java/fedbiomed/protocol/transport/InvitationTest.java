package fedbiomed.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class InvitationTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final Invitation INVITATION = new Invitation(
            "network.example.org",
            8443,
            "ab".repeat(32),
            Role.NODE,
            PartyId.of("hospital-a"),
            "S".repeat(43),
            NOW.plusSeconds(60));

    @Test
    void aTokenIsReadAsItWasWritten() {
        assertThat(Invitation.parse(" " + INVITATION.token() + "\n", CLOCK)).isEqualTo(INVITATION);
    }

    @Test
    void anExpiredTokenIsRefusedWithItsTime() {
        var late = Clock.fixed(NOW.plusSeconds(60), ZoneOffset.UTC);
        assertThatThrownBy(() -> Invitation.parse(INVITATION.token(), late))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("expired at 2026-11-24T12:01:00Z")
                .extracting(e -> ((FedbiomedException) e).code())
                .isEqualTo(ErrorCode.EXPIRED);
    }

    @Test
    void everyTruncationAndEveryChangedCharacterIsRefused() {
        var token = INVITATION.token();
        for (int end = 0; end < token.length(); end++) {
            var cut = token.substring(0, end);
            assertThatThrownBy(() -> Invitation.parse(cut, CLOCK)).isInstanceOf(FedbiomedException.class);
        }
        for (int i = 0; i < token.length(); i++) {
            var changed = token.substring(0, i) + (token.charAt(i) == 'x' ? 'y' : 'x') + token.substring(i + 1);
            assertThatThrownBy(() -> Invitation.parse(changed, CLOCK)).isInstanceOf(FedbiomedException.class);
        }
    }

    @Test
    void theSecretIsNotShown() {
        assertThat(INVITATION.toString()).doesNotContain(INVITATION.secret());
    }
}
