package fedbiomed.protocol.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import fedbiomed.vocabulary.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Tag;
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
    void mutatedTokensWithACheckThatFitsAreInvitationsOrErrors() {
        fuzz(20_000);
    }

    @Test
    @Tag("campaign")
    void aMillionMutatedTokensAreInvitationsOrErrors() {
        fuzz(1_000_000);
    }

    private static void fuzz(int tokens) {
        var random = new Random(20261125);
        var token = INVITATION.token();
        int dot = token.lastIndexOf('.');
        var prefix = token.substring(0, token.indexOf('.') + 1);
        var json = Base64.getUrlDecoder().decode(token.substring(prefix.length(), dot));
        int read = 0;
        for (int i = 0; i < tokens; i++) {
            var bytes = random.nextInt(8) == 0 ? Arrays.copyOf(json, random.nextInt(json.length + 8)) : json.clone();
            for (int k = random.nextInt(4); k > 0 && bytes.length > 0; k--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(i % 2 == 0 ? 256 : 127);
            }
            var body = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            var check = Sha256.of(body.getBytes(StandardCharsets.US_ASCII)).substring(0, token.length() - dot - 1);
            try {
                Invitation.parse(prefix + body + "." + check, CLOCK);
                read++;
            } catch (FedbiomedException expected) {
                assertThat(expected.code()).isIn(ErrorCode.BAD_MESSAGE, ErrorCode.EXPIRED);
            }
        }
        assertThat(read).as("the check is not what refuses them all").isGreaterThan(tokens / 100);
    }

    @Test
    void theSecretIsNotShown() {
        assertThat(INVITATION.toString()).doesNotContain(INVITATION.secret());
    }
}
