package fedbiomed.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.identity.PublicKeys;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PresenceTest {
    private static final long SEED = 20261125;
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
    private static final Presence ONLINE = new Presence(true, "0123456789abcdef", new PublicKeys(KEY, KEY));

    @Test
    void whatIsSaidIsRead() {
        assertThat(Presence.read(Json.bytes(ONLINE))).isEqualTo(ONLINE);
    }

    @Test
    void whatSaysNothingIsABadMessage() {
        for (var text : new String[] {"null", "", "[]", "{}", "{\"online\":null}", " ".repeat(5_000) + "null"}) {
            assertThatThrownBy(() -> Presence.read(text.getBytes(StandardCharsets.UTF_8)))
                    .as(text)
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_MESSAGE));
        }
    }

    @Test
    void damagedPresenceIsPresenceOrABadMessage() {
        fuzz(10_000);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedPresencesArePresenceOrBadMessages() {
        fuzz(1_000_000);
    }

    private static void fuzz(int inputs) {
        var random = new SplittableRandom(SEED);
        var valid = Json.bytes(ONLINE);
        int refused = 0;
        for (int i = 0; i < inputs; i++) {
            try {
                var read = Presence.read(DamagedJson.of(valid, random));
                if (read.keys() != null) {
                    assertThat(read.keys().fingerprint().toString()).isNotBlank();
                }
            } catch (FedbiomedException e) {
                assertThat(e.text()).hasSizeLessThan(600);
                refused++;
            }
        }
        assertThat(refused).isBetween(inputs / 10, inputs - inputs / 10);
    }
}
