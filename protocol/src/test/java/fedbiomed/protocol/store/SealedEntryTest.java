package fedbiomed.protocol.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.home.Durability;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedEntryTest {
    private static final int SEGMENT = EntryCipher.SEGMENT_BYTES;
    private static final int SEALED = EntryCipher.SEALED_SEGMENT_BYTES;

    @TempDir
    Path folder;

    private final Random random = new Random(5);

    private Path plain(int bytes) throws IOException {
        var content = new byte[bytes];
        random.nextBytes(content);
        return Files.write(folder.resolve("plain-" + random.nextInt()), content);
    }

    private static SealedEntry sealed(Path plain) throws IOException {
        return SealedEntry.of(plain, plain.resolveSibling(plain.getFileName() + ".sealed"));
    }

    /** As the store would bring it, in pieces. */
    private Path opened(SealedRef ref, byte[] bytes) throws IOException {
        var part = folder.resolve("part-" + random.nextInt());
        open(ref, part, false, bytes, 0);
        return part;
    }

    private void open(SealedRef ref, Path part, boolean goesOn, byte[] bytes, int from) throws IOException {
        try (var file = new OpeningFile(ref, part, goesOn, Durability.PROCESS)) {
            for (int at = from; at < bytes.length; ) {
                int n = Math.min(bytes.length - at, 1 + random.nextInt(40_000));
                file.write(Arrays.copyOfRange(bytes, at, at + n), n);
                at += n;
            }
            file.finish();
        }
    }

    private void refused(SealedRef ref, byte[]... pieces) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (var piece : pieces) {
            bytes.writeBytes(piece);
        }
        var part = folder.resolve("refused-" + random.nextInt());
        assertThatThrownBy(() -> open(ref, part, false, bytes.toByteArray(), 0))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PARAMETERS_UNAVAILABLE))
                .hasMessageContaining(ref.entry())
                .hasMessageNotContaining(ref.key());
        assertThat(part).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 1_000_003})
    void whatWasSealedOpens(int bytes) throws IOException {
        var plain = plain(bytes);
        var entry = sealed(plain);
        assertThat(Files.size(entry.file())).isEqualTo(entry.stored().sizeBytes());
        assertThat(entry.ref().entry()).isEqualTo(Sha256.of(entry.file()));
        assertThat(opened(entry.ref(), Files.readAllBytes(entry.file()))).hasSameBinaryContentAs(plain);
    }

    /** The format as it is described, put together from its parts: RFC 5869 by HMAC, NIST SP 800-38D segment by segment. */
    @Test
    void theFormatIsTheOneDescribed() throws Exception {
        var content = new byte[SEGMENT + 5];
        random.nextBytes(content);
        var secret = HexFormat.of().parseHex("00".repeat(31) + "07");
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(new byte[32], "HmacSHA256"));
        mac.init(new SecretKeySpec(mac.doFinal(secret), "HmacSHA256"));
        var info = ByteBuffer.allocate(24 + 12)
                .put("fedbiomed sealed entry 1".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .putInt(16384)
                .putLong(content.length)
                .array();
        mac.update(info);
        var first = mac.doFinal(new byte[] {1});
        mac.update(first);
        mac.update(info);
        var second = mac.doFinal(new byte[] {2});
        var bytes = new ByteArrayOutputStream();
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        for (int segment = 0; segment < 2; segment++) {
            var nonce = ByteBuffer.allocate(12)
                    .put(second, 0, 7)
                    .putInt(segment)
                    .put((byte) segment)
                    .array();
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(first, "AES"), new GCMParameterSpec(128, nonce));
            bytes.writeBytes(cipher.doFinal(content, segment * SEGMENT, segment == 0 ? SEGMENT : 5));
        }
        var ref = new SealedRef(
                new ParametersRef(Sha256.of(content), content.length),
                Sha256.of(bytes.toByteArray()),
                Base64.getEncoder().encodeToString(secret));
        assertThat(opened(ref, bytes.toByteArray())).hasBinaryContent(content);
    }

    @Test
    void aChangedReorderedDroppedDoubledOrCutEntryIsRefused() throws IOException {
        var entry = sealed(plain(3 * SEGMENT + 77));
        var ref = entry.ref();
        var bytes = Files.readAllBytes(entry.file());
        var first = Arrays.copyOfRange(bytes, 0, SEALED);
        var second = Arrays.copyOfRange(bytes, SEALED, 2 * SEALED);
        var third = Arrays.copyOfRange(bytes, 2 * SEALED, 3 * SEALED);
        var last = Arrays.copyOfRange(bytes, 3 * SEALED, bytes.length);
        refused(ref, second, first, third, last);
        refused(ref, first, third, second, last);
        refused(ref, first, first, third, last);
        refused(ref, first, third, last);
        refused(ref, first, second, third, last, new byte[1]);
        refused(ref, first, second, third, third, last);
        for (int i = 0; i < 50; i++) {
            var changed = bytes.clone();
            changed[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            refused(ref, changed);
        }
        // cut: it is waited for the rest, and nothing counts until it is there
        for (int length : new int[] {0, 1, SEALED - 1, SEALED, 3 * SEALED, bytes.length - 1}) {
            var part = folder.resolve("cut-" + length);
            assertThatThrownBy(() -> open(ref, part, false, Arrays.copyOf(bytes, length), 0))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ended after " + length + " of " + bytes.length);
        }
        assertThat(opened(ref, bytes)).exists();
    }

    /** As if the last segment that has come were the last one that there is. */
    @Test
    void aCutEntryThatIsAnnouncedAsShorterIsRefused() throws IOException {
        var plain = plain(3 * SEGMENT);
        var entry = sealed(plain);
        var shorter = new SealedRef(
                new ParametersRef(Sha256.of(Arrays.copyOf(Files.readAllBytes(plain), 2 * SEGMENT)), 2 * SEGMENT),
                entry.ref().entry(),
                entry.ref().key());
        refused(shorter, Arrays.copyOf(Files.readAllBytes(entry.file()), 2 * SEALED));
    }

    @Test
    void anotherEntryOrAnotherKeyIsRefused() throws IOException {
        var plain = plain(2 * SEGMENT);
        var entry = sealed(plain);
        var other = SealedEntry.of(plain, folder.resolve("other.sealed"));
        assertThat(other.ref().key()).isNotEqualTo(entry.ref().key());
        refused(entry.ref(), Files.readAllBytes(other.file()));
        // a sender that announces one thing and seals another
        refused(
                new SealedRef(
                        new ParametersRef(Sha256.of("another"), 2 * SEGMENT),
                        entry.ref().entry(),
                        entry.ref().key()),
                Files.readAllBytes(entry.file()));
    }

    @Test
    void anInterruptedOneGoesOnAfterItsLastWholeSegment() throws IOException {
        var plain = plain(5 * SEGMENT + 9);
        var entry = sealed(plain);
        var bytes = Files.readAllBytes(entry.file());
        for (int length : new int[] {0, 100, SEALED, 2 * SEALED + 5, 5 * SEALED + 3, bytes.length}) {
            var part = folder.resolve("interrupted-" + length);
            try (var file = new OpeningFile(entry.ref(), part, false, Durability.PROCESS)) {
                file.write(bytes, length);
            }
            int held = (int) OpeningFile.held(entry.ref(), part);
            assertThat(held).isBetween(length - SEALED + 1, length);
            open(entry.ref(), part, true, bytes, held);
            assertThat(part).hasSameBinaryContentAs(plain);
        }
        // what lay there before and is not what was sealed shows at the end
        var foreign = folder.resolve("foreign");
        Files.write(foreign, new byte[SEGMENT]);
        assertThatThrownBy(() -> open(entry.ref(), foreign, true, bytes, SEALED))
                .hasMessageContaining("another content");
        assertThat(foreign).doesNotExist();
    }

    @Test
    void aSealedCopyIsUsedAgainOnlyForTheSameContent() throws IOException {
        var plain = plain(SEGMENT);
        var entry = sealed(plain);
        assertThat(sealed(plain)).isEqualTo(entry);
        Files.write(plain, new byte[] {1}, StandardOpenOption.APPEND);
        var other = sealed(plain);
        assertThat(other.ref().key()).isNotEqualTo(entry.ref().key());
        assertThat(opened(other.ref(), Files.readAllBytes(other.file()))).hasSameBinaryContentAs(plain);
        Files.writeString(plain.resolveSibling(plain.getFileName() + ".sealed.key"), "{}");
        assertThat(sealed(plain).ref()).isNotEqualTo(other.ref());
    }

    /** As a program that writes to it all the while. */
    @Test
    void aFileThatChangesWhileItIsSealedIsNotPublished() throws IOException {
        var aside = folder.resolve("changing.sealed");
        for (int bytes : new int[] {SEGMENT - 1, SEGMENT + 1}) {
            var plain = plain(SEGMENT);
            try (var sealing = new FileSealing(new byte[32], plain, aside)) {
                Files.write(plain, new byte[bytes]);
                assertThatThrownBy(sealing::run).hasMessageContaining("changed while it was sealed");
            }
        }
    }

    @Test
    void aKeyStandsInNoText() throws IOException {
        var entry = sealed(plain(3));
        assertThat(entry.ref().toString() + entry).doesNotContain(entry.ref().key());
    }
}
