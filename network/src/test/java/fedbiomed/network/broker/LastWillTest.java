package fedbiomed.network.broker;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.network.BreakableConnection;
import fedbiomed.network.TestFederation;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.protocol.mqtt.MqttFederation;
import fedbiomed.protocol.transport.FederationAddress;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What researchers learn of a node that is gone without a word. */
class LastWillTest {
    private static final PartyId NODE = PartyId.of("node-a");
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path folder;

    @Test
    void aNodeThatCameBackIsMissedAgainWhenItGoes() throws Exception {
        try (var federation = new TestFederation(folder)) {
            var node = federation.enrol(Role.NODE, NODE.value());
            var alice = federation.enrol(Role.RESEARCHER, "alice");
            var direct = federation.network().address();
            try (var cable = new BreakableConnection(direct.mqttPort());
                    var away = party(federation, node, through(cable, direct));
                    var watcher = party(federation, alice, direct)) {
                var said = new LinkedBlockingQueue<Boolean>();
                watcher.onPresence((party, presence) -> {
                    if (party.equals(NODE)) {
                        said.add(presence.online());
                    }
                });
                watcher.open();
                away.open();
                awaitOnline(said, true);
                cable.cut();
                awaitOnline(said, false);
                awaitOnline(said, true);
                cable.close();
                awaitOnline(said, false);
            }
        }
    }

    private static FederationAddress through(BreakableConnection cable, FederationAddress direct) {
        return new FederationAddress(direct.host(), direct.storePort(), "localhost", cable.port());
    }

    private MqttFederation party(TestFederation federation, TransportIdentity transport, FederationAddress address) {
        var home = federation.home(transport.party().value());
        return new MqttFederation(
                Identity.create(transport.party(), home),
                new TrustedParties(home, Clock.systemUTC()),
                transport,
                address,
                federation.network()::epoch,
                Clock.systemUTC());
    }

    /** Also a state that was over at once is in the queue. */
    private static void awaitOnline(BlockingQueue<Boolean> said, boolean online) throws InterruptedException {
        while (true) {
            var next = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(next)
                    .as(online ? "the node is seen" : "the node is missed")
                    .isNotNull();
            if (next == online) {
                return;
            }
        }
    }
}
