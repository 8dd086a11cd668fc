package fedbiomed.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fedbiomed.protocol.Correspondence;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.store.SealedEntry;
import fedbiomed.protocol.store.TransferProgress;
import fedbiomed.protocol.transport.CertificateRenewal;
import fedbiomed.protocol.transport.FreePorts;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.Role;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Certificates that end while everything runs. The Network was made so long ago, by its own clock, that they are due
 * today; TLS itself goes by the system's clock, for which old and new are valid.
 */
@Timeout(300)
class RenewalTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration OFTEN = Duration.ofMillis(50);

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();

    private CertificateRenewal renewal(TestParty party) {
        return new CertificateRenewal(
                party.home(),
                party.transport(),
                clock,
                renewed -> {
                    party.store().renew(renewed);
                    party.federation().renew(renewed);
                },
                OFTEN);
    }

    @Test
    void aPartyGoesOnWithANewCertificateAndNothingThatWasAskedIsLost() throws Exception {
        clock.setTo(Duration.ofDays(-70));
        try (var network = new TestFederation(folder, TestFederation.settings(), clock);
                var alice = new TestParty(network, Role.RESEARCHER, "alice", clock);
                var node = new TestParty(network, Role.NODE, "node-a", clock).andTrusts(alice);
                var late = new TestParty(network, Role.NODE, "node-late", clock);
                var correspondence = new Correspondence(alice.federation(), alice.trusted(), clock);
                var _ = renewal(alice);
                var _ = renewal(node)) {
            alice.opened();
            node.opened();
            late.opened();
            await().atMost(PATIENCE).until(() -> online(alice, late));
            var before = correspondence.ask(node.id(), new Request.ListDatasets("before"), Duration.ofDays(100));
            var asked = node.nextNew();

            clock.setTo(Duration.ZERO);
            for (var party : List.of(alice, node)) {
                await().atMost(PATIENCE)
                        .until(() -> !TransportIdentity.load(party.home())
                                .certificate()
                                .equals(party.transport().certificate()));
            }
            node.send(alice, new Reply.Datasets(asked.id(), List.of()));
            assertThat(before.get(60, TimeUnit.SECONDS).reply()).isInstanceOf(Reply.Datasets.class);

            // past the old certificates' end: who has none but that is out, the others are not
            clock.setTo(Duration.ofDays(25));
            await().atMost(PATIENCE).until(() -> !late.federation().connected());
            await("its last will is published").atMost(PATIENCE).until(() -> !online(alice, late));
            var after = correspondence.ask(node.id(), new Request.ListDatasets("after"), Duration.ofDays(100));
            node.send(alice, new Reply.Datasets(node.nextNew().id(), List.of()));
            assertThat(after.get(60, TimeUnit.SECONDS).reply()).isInstanceOf(Reply.Datasets.class);
            var file = Files.writeString(folder.resolve("model"), "parameters");
            var entry = SealedEntry.of(file, folder.resolve("model.sealed"));
            alice.store().upload(entry, List.of(node.id()), TransferProgress.NONE);
            node.store().download(entry.ref(), folder.resolve("fetched"), TransferProgress.NONE);
            assertThat(folder.resolve("fetched")).hasSameBinaryContentAs(file);
            assertThat(alice.federation().connected()).isTrue();
            assertThat(node.federation().connected()).isTrue();
        }
    }

    private static boolean online(TestParty watcher, TestParty party) {
        var presence = watcher.federation().presence().get(party.id());
        return presence != null && presence.online();
    }

    /** The Network is away when it is time, and comes back: until then it is tried, and told once. */
    @Test
    void aRenewalThatFailsIsTriedUntilItSucceeds() throws Exception {
        clock.setTo(Duration.ofDays(-70));
        try (var network = new TestFederation(folder, fixedPorts(), clock)) {
            var home = network.home("node-a");
            var first = network.enrol(Role.NODE, "node-a");
            network.network().close();
            clock.setTo(Duration.ZERO);
            try (var log = new LoggedWarnings();
                    var _ = new CertificateRenewal(home, first, clock, _ -> {}, OFTEN)) {
                await().atMost(PATIENCE).until(() -> !log.texts().isEmpty());
                network.restart();
                await().atMost(PATIENCE)
                        .until(() -> !TransportIdentity.load(home).certificate().equals(first.certificate()));
                assertThat(log.texts())
                        .filteredOn(text -> text.contains("could not be renewed"))
                        .hasSizeBetween(1, 3);
            }
        }
    }

    @Test
    void theNetworkRenewsItsOwnCertificateAndNobodyIsCutOff() throws Exception {
        clock.setTo(Duration.ofDays(-350));
        try (var network = new TestFederation(folder, fixedPorts(), clock)) {
            clock.setTo(Duration.ZERO);
            try (var alice = new TestParty(network, Role.RESEARCHER, "alice", clock).opened();
                    var node = new TestParty(network, Role.NODE, "node-a", clock)
                            .andTrusts(alice)
                            .opened()) {
                var address = network.network().address();
                var old = shown(alice.transport(), address.mqttPort());
                assertThat(shown(alice.transport(), address.storePort())).isEqualTo(old);

                network.network().renewIfDue();

                var renewed = shown(alice.transport(), address.storePort());
                assertThat(renewed.getNotAfter()).isAfter(old.getNotAfter());
                assertThat(shown(alice.transport(), address.mqttPort())).isEqualTo(renewed);
                assertThat(alice.federation().connected()).isTrue();
                var question = new Request.ListDatasets("still there?");
                alice.send(node, question);
                assertThat(node.nextNew().message()).isEqualTo(question);
                network.network().renewIfDue();
                assertThat(shown(alice.transport(), address.storePort())).isEqualTo(renewed);
            }
        }
    }

    private static X509Certificate shown(TransportIdentity party, int port) throws Exception {
        try (var socket = (SSLSocket)
                party.sslContext().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }

    /** A broker that listens anew does so on the same port only if it was given one. */
    private static NetworkConfig fixedPorts() {
        return TestFederation.settings().withPorts(FreePorts.next(), FreePorts.next());
    }
}
