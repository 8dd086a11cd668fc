package fedbiomed.protocol.audit;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.protocol.message.AuditHead;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever stands in a log's file, looking at it ends, with a fault or without. */
class AuditFuzzTest {
    private static final long SEED = 20261125;

    @TempDir
    Path home;

    @Test
    void randomAndMutatedLogs() throws IOException {
        fuzz(1_000);
    }

    @Test
    @Tag("campaign")
    void aMillionRandomAndMutatedLogs() throws IOException {
        fuzz(1_000_000);
    }

    private void fuzz(int inputs) throws IOException {
        var log = AuditLog.ofNode(home, Clock.systemUTC());
        var file = home.resolve(AuditLog.FILE);
        for (int i = 0; i < 4; i++) {
            log.append(AuditEvent.of(AuditKind.REQUEST_TAKEN)
                    .party(PartyId.of("ana"))
                    .request("request-" + i)
                    .samples(i)
                    .build());
        }
        var whole = Files.readAllBytes(file);
        var head = log.head();
        var random = new Random(SEED);
        int faults = 0;
        for (int i = 0; i < inputs; i++) {
            var bytes = i % 4 == 0 ? random(random) : mutated(whole, random);
            // a file that is cut and written again is forced to the disk by some file systems: a millisecond each
            Files.deleteIfExists(file);
            Files.write(file, bytes);
            var found = log.verify(head);
            if (found.fault() != null) {
                faults++;
            } else {
                // only what leaves the lines alone
                assertThat(new String(bytes, StandardCharsets.ISO_8859_1).stripTrailing())
                        .startsWith(new String(whole, StandardCharsets.ISO_8859_1).stripTrailing());
            }
            var line = new String(bytes, StandardCharsets.UTF_8);
            try {
                AuditLine.parse(line);
            } catch (IllegalArgumentException _) {
                // it is none
            }
            try {
                AuditHead.parse(line);
            } catch (IllegalArgumentException _) {
                // nor a head
            }
        }
        assertThat(faults).isGreaterThan(inputs * 9 / 10);
    }

    private static byte[] random(Random random) {
        var bytes = new byte[random.nextInt(3_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] mutated(byte[] whole, Random random) {
        var bytes = whole.clone();
        int at = random.nextInt(bytes.length);
        return switch (random.nextInt(4)) {
            case 0 -> {
                bytes[at] ^= (byte) (1 + random.nextInt(255));
                yield bytes;
            }
            case 1 -> Arrays.copyOf(bytes, at);
            case 2 -> {
                int to = at + random.nextInt(bytes.length - at);
                Arrays.fill(bytes, at, to, (byte) random.nextInt(256));
                bytes[at] = (byte) (whole[at] + 1);
                yield bytes;
            }
            default -> {
                var longer = Arrays.copyOf(bytes, bytes.length + bytes.length - at);
                System.arraycopy(bytes, at, longer, bytes.length, bytes.length - at);
                longer[0] = '[';
                yield longer;
            }
        };
    }
}
