package fedbiomed.protocol.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.protocol.identity.Fingerprint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayGuardTest {
    private static final Fingerprint ANA = Fingerprint.parse("A".repeat(32));
    private static final Fingerprint EVE = Fingerprint.parse("E".repeat(32));
    private static final long NOW = 1_000_000;
    private static final long LATER = NOW + 60_000;

    @TempDir
    Path home;

    private static byte[] message(int number) {
        return ByteBuffer.allocate(4).putInt(number).array();
    }

    @Test
    void aMessageIsKnownOnceItWasTakenInAndOnlyOfItsSender() {
        var guard = ReplayGuard.inMemory();
        assertThat(guard.knows(ANA, message(1), NOW)).isFalse();
        guard.taken(ANA, message(1), NOW, LATER, NOW);
        assertThat(guard.knows(ANA, message(1), NOW)).isTrue();
        assertThat(guard.knows(ANA, message(2), NOW)).isFalse();
        assertThat(guard.knows(EVE, message(1), NOW)).isFalse();
    }

    @Test
    void whatWasTakenInIsKnownAfterARestartAlsoAfterACutLine() throws IOException {
        ReplayGuard.inFolder(home, NOW).taken(ANA, message(1), NOW, LATER, NOW);
        var file = home.resolve("received-messages.txt");
        Files.writeString(file, "half a li", StandardCharsets.US_ASCII, StandardOpenOption.APPEND);
        var next = ReplayGuard.inFolder(home, NOW + 1);
        assertThat(next.knows(ANA, message(1), NOW)).isTrue();
        next.taken(ANA, message(2), NOW, LATER, NOW);
        next.taken(ANA, message(3), NOW, LATER, NOW);
        assertThat(ReplayGuard.inFolder(home, NOW + 2).knows(ANA, message(3), NOW))
                .isTrue();
        // expired ones are refused for that
        assertThat(ReplayGuard.inFolder(home, LATER).knows(ANA, message(3), NOW))
                .isFalse();
    }

    @Test
    void theFileDoesNotGrowWithMessagesThatHaveExpired() throws IOException {
        var guard = ReplayGuard.inFolder(home, NOW);
        for (int i = 0; i < 20_000; i++) {
            guard.taken(ANA, message(i), NOW + i, NOW + i + 10, NOW + i);
        }
        try (var lines = Files.lines(home.resolve("received-messages.txt"))) {
            assertThat(lines.count()).isLessThan(3_000);
        }
        assertThat(ReplayGuard.inFolder(home, NOW + 20_000).knows(ANA, message(19_999), NOW + 19_999))
                .isTrue();
    }

    /** Who floods loses the memory of its own first messages, and with them the right to send any as old. */
    @Test
    void whatMayHaveBeenForgottenCountsAsKnown() {
        var guard = ReplayGuard.inMemory();
        guard.taken(EVE, message(-1), NOW, Long.MAX_VALUE, NOW);
        for (int i = 0; i <= ReplayGuard.MAX_OF_SENDER; i++) {
            guard.taken(ANA, message(i), NOW + i, Long.MAX_VALUE, NOW);
        }
        assertThat(guard.knows(ANA, message(0), NOW))
                .as("forgotten, and too old")
                .isTrue();
        assertThat(guard.knows(ANA, message(-7), NOW)).isTrue();
        assertThat(guard.knows(ANA, message(-7), NOW + 1)).isFalse();
        assertThat(guard.knows(ANA, message(1), NOW + 1)).isTrue();
        assertThat(guard.knows(EVE, message(-1), NOW)).isTrue();
    }
}
