package fedbiomed.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.vocabulary.PartyId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
    private static final PartyId ALICE = PartyId.of("alice");

    @TempDir
    Path home;

    @Test
    void keysAreKeptAndReadableByTheOwnerAlone() throws Exception {
        var made = Identity.create(ALICE, home);
        var file = home.resolve(Identity.FILE);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var loaded = Identity.load(home);
        assertThat(loaded.keys()).isEqualTo(made.keys());
        assertThat(Identity.verifies(made.keys(), loaded.sign(new byte[] {1, 2}), new byte[] {1, 2}))
                .isTrue();
        assertThat(Identity.verifies(made.keys(), loaded.sign(new byte[] {1, 2}), new byte[] {1, 3}))
                .isFalse();
    }

    @Test
    void keysThatOthersCanReadAreRefused() throws Exception {
        Identity.create(ALICE, home);
        Files.setPosixFilePermissions(home.resolve(Identity.FILE), PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> Identity.load(home)).hasMessageContaining("chmod");
    }

    @Test
    void keysAreNeverOverwritten() {
        var first = Identity.create(ALICE, home).keys();
        assertThatThrownBy(() -> Identity.create(ALICE, home)).hasMessageContaining("exists already");
        assertThat(Identity.load(home).keys()).isEqualTo(first);
    }

    @Test
    void aFingerprintIsReadAsAPersonTypesIt() {
        var print = Identity.create(ALICE, home).keys().fingerprint();
        assertThat(print.value()).matches("([A-Z2-7]{4}-){7}[A-Z2-7]{4}");
        assertThat(Fingerprint.parse(
                        print.value().toLowerCase(java.util.Locale.ROOT).replace('-', ' ')))
                .isEqualTo(print);
        assertThatThrownBy(() -> Fingerprint.parse("K3DF"))
                .hasMessageContaining("eight groups")
                .hasMessageContaining("K3DF");
    }

    @Test
    void trustIsByFingerprintAndAChangedKeyIsNotTrusted(@TempDir Path other) {
        var trusted = new TrustedParties(home, Clock.systemUTC());
        var keys = Identity.create(ALICE, home).keys();
        var changed = Identity.create(ALICE, other).keys();
        assertThat(trusted.state(ALICE, keys)).isEqualTo(TrustState.UNKNOWN);
        trusted.seen(ALICE, keys);
        assertThat(trusted.state(ALICE, keys)).isEqualTo(TrustState.SEEN);
        trusted.trust(ALICE, keys.fingerprint());
        assertThat(trusted.state(ALICE, keys)).isEqualTo(TrustState.TRUSTED);
        assertThat(trusted.state(ALICE, changed)).isEqualTo(TrustState.KEY_CHANGED);
        assertThat(trusted.state(PartyId.of("bob"), keys)).isEqualTo(TrustState.UNKNOWN);
        trusted.revoke(ALICE);
        assertThat(trusted.state(ALICE, keys)).isEqualTo(TrustState.REVOKED);
    }

    @Test
    void theRunningPartySeesWhatACommandChanged() {
        var running = new TrustedParties(home, Clock.systemUTC());
        var command = new TrustedParties(home, Clock.systemUTC());
        var keys = Identity.create(ALICE, home).keys();
        for (int i = 0; i < 20; i++) {
            command.trust(ALICE, keys.fingerprint());
            assertThat(running.state(ALICE, keys)).isEqualTo(TrustState.TRUSTED);
            command.revoke(ALICE);
            assertThat(running.state(ALICE, keys)).isEqualTo(TrustState.REVOKED);
        }
    }

    @Test
    void twoWritersLoseNothing() throws Exception {
        var threads = new ArrayList<Thread>();
        var keys = Identity.create(ALICE, home).keys();
        for (int t = 0; t < 4; t++) {
            int writer = t;
            threads.add(Thread.startVirtualThread(() -> {
                var trusted = new TrustedParties(home, Clock.systemUTC());
                for (int i = 0; i < 10; i++) {
                    trusted.trust(PartyId.of("node-" + writer + "-" + i), keys.fingerprint());
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(new TrustedParties(home, Clock.systemUTC()).entries()).hasSize(40);
    }

    @Test
    void whatManyHaveShownIsKnownAtOnceAndIsInTheFileByTheNextDecision() throws Exception {
        var trusted = new TrustedParties(home, Clock.systemUTC());
        var keys = new TreeMap<PartyId, PublicKeys>();
        for (int i = 0; i < 150; i++) {
            var node = PartyId.of("node-" + i);
            keys.put(
                    node,
                    Identity.create(node, Files.createDirectory(home.resolve(node.value())))
                            .keys());
        }
        var list = new TreeMap<PartyId, Fingerprint>();
        keys.forEach((node, shown) -> list.put(node, shown.fingerprint()));
        trusted.trust(list);
        keys.forEach((node, shown) -> {
            assertThat(trusted.sealingKeys(node)).isEmpty();
            trusted.seen(node, shown);
            assertThat(trusted.sealingKeys(node)).contains(shown);
            assertThat(trusted.state(node, shown)).isEqualTo(TrustState.TRUSTED);
        });
        trusted.trust(ALICE, Identity.create(ALICE, home).keys().fingerprint());
        var written = new TrustedParties(home, Clock.systemUTC());
        assertThat(written.entries()).isEqualTo(trusted.entries()).hasSize(151);
        keys.forEach((node, shown) -> assertThat(written.sealingKeys(node)).contains(shown));
    }

    @Test
    void aStrangerMoreThanAreRememberedChangesNothing() throws Exception {
        var trusted = TrustedParties.inMemory(Clock.systemUTC());
        var keys = Identity.create(ALICE, home).keys();
        for (int i = 0; i < 1000; i++) {
            trusted.seen(PartyId.of("node-" + i), keys);
        }
        trusted.seen(ALICE, keys);
        assertThat(trusted.state(ALICE, keys)).isEqualTo(TrustState.UNKNOWN);
        assertThat(trusted.entries()).hasSize(1000);
    }
}
