package fedbiomed.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.hpke.HPKE;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sealed by us, opened by another implementation of RFC 9180 (BouncyCastle's), and the other way round. */
class SealingTest {
    private static final byte[] TEXT = "what nobody else may read".getBytes(StandardCharsets.UTF_8);
    private static final byte[] INFO = "header".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NO_ASSOCIATED_DATA = {};

    @TempDir
    Path home;

    private Identity party;
    private AsymmetricCipherKeyPair theirs;
    private HPKE peer;

    @BeforeEach
    void keys() throws IOException {
        party = Identity.create(PartyId.of("hospital-a"), home);
        peer = new HPKE(HPKE.mode_base, HPKE.kem_X25519_SHA256, HPKE.kdf_HKDF_SHA256, HPKE.aead_AES_GCM256);
        JsonNode stored = Json.MAPPER.readTree(Files.readAllBytes(home.resolve(Identity.FILE)));
        theirs = peer.deserializePrivateKey(
                Base64.getDecoder().decode(stored.path("sealing_private").asText()),
                party.keys().sealingBytes());
    }

    @Test
    void whatWeSealAnotherImplementationOpens() throws InvalidCipherTextException {
        var sealed = Identity.seal(party.keys(), TEXT, INFO);
        assertThat(sealed).hasSize(TEXT.length + Identity.SEALING_BYTES);
        var encapsulated = Arrays.copyOf(sealed, 32);
        var ciphertext = Arrays.copyOfRange(sealed, 32, sealed.length);
        assertThat(peer.open(encapsulated, theirs, INFO, NO_ASSOCIATED_DATA, ciphertext, null, null, null))
                .isEqualTo(TEXT);
    }

    @Test
    void whatAnotherImplementationSealsWeOpen() throws InvalidCipherTextException {
        var parts = peer.seal(
                peer.deserializePublicKey(party.keys().sealingBytes()),
                INFO,
                NO_ASSOCIATED_DATA,
                TEXT,
                null,
                null,
                null);
        var sealed = Arrays.copyOf(parts[1], parts[1].length + parts[0].length);
        System.arraycopy(parts[0], 0, sealed, parts[1].length, parts[0].length);
        assertThat(party.open(sealed, INFO)).contains(TEXT);
    }

    @Test
    void anotherKeyAnotherInfoAndAnyChangeDoNotOpen() throws IOException {
        var sealed = Identity.seal(party.keys(), TEXT, INFO);
        var other = Identity.create(PartyId.of("hospital-b"), Files.createDirectory(home.resolve("other")));
        assertThat(other.open(sealed, INFO)).isEmpty();
        assertThat(party.open(sealed, TEXT)).isEmpty();
        for (int i = 0; i < sealed.length; i++) {
            var changed = sealed.clone();
            changed[i] ^= 1;
            assertThat(party.open(changed, INFO)).as("byte %d", i).isEmpty();
            assertThat(party.open(Arrays.copyOf(sealed, i), INFO))
                    .as("%d bytes", i)
                    .isEmpty();
        }
    }

    /** Points of low order, with which anybody would agree on the same secret (RFC 7748, section 6.1). */
    @Test
    void aKeyThatIsNoKeyIsRefused() {
        for (int order : new int[] {0, 1}) {
            var point = new byte[32];
            point[0] = (byte) order;
            var keys =
                    new PublicKeys(party.keys().signing(), Base64.getEncoder().encodeToString(point));
            assertThatThrownBy(() -> Identity.seal(keys, TEXT, INFO)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
