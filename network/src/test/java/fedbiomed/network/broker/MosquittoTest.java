package fedbiomed.network.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import fedbiomed.network.NetworkConfig;
import fedbiomed.network.TestFederation;
import fedbiomed.protocol.transport.FreePorts;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same rules over a real Mosquitto, with the files that the Network writes and the reload that it asks for. */
class MosquittoTest extends HostilePartyRules {
    private static final Path MOSQUITTO = Path.of("/usr/sbin/mosquitto");

    private Process mosquitto;
    private int port;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        assumeThat(MOSQUITTO).as("mosquitto is not installed").exists();
        port = FreePorts.next();
        var files = folder.resolve("mosquitto");
        var pid = folder.resolve("pid");
        var broker = new NetworkConfig.Broker(
                NetworkConfig.BrokerKind.EXTERNAL,
                "localhost",
                port,
                files.toString(),
                "test ! -f " + pid + " || kill -HUP $(cat " + pid + ")");
        enrolFirst(new TestFederation(folder, TestFederation.settings().withBroker(broker)));
        Files.writeString(
                files.resolve("test.conf"), Files.readString(files.resolve("mosquitto.conf")) + "user root\n");
        mosquitto = new ProcessBuilder(
                        MOSQUITTO.toString(), "-c", files.resolve("test.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("mosquitto.log").toFile())
                .start();
        // not as soon as it listens: what tells it to reload would end it before it is ready for that
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .untilAsserted(() ->
                        assertThat(folder.resolve("mosquitto.log")).content().contains(" running"));
        Files.writeString(pid, Long.toString(mosquitto.pid()));
        // enrolled while it runs: only the reload lets it in
        enrolLast();
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> {
            try {
                publish(connect(nodeA), "fedbiomed/v1/researcher/bob/inbox", "are you there");
                return true;
            } catch (RuntimeException _) {
                return false;
            }
        });
        disconnect();
    }

    @AfterAll
    void stop() throws Exception {
        if (mosquitto != null) {
            mosquitto.destroy();
            mosquitto.waitFor();
        }
    }

    @Override
    int port() {
        return port;
    }

    @Test
    void aRevokedPartyDoesNotComeInAgain() {
        var gone = federation.enrol(Role.NODE, "gone");
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> {
            try {
                publish(connect(gone), "fedbiomed/v1/presence/gone", "online");
                return true;
            } catch (RuntimeException _) {
                return false;
            }
        });
        federation.network().revoke(PartyId.of("gone"));
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .untilAsserted(
                        () -> assertThatThrownBy(() -> publish(connect(gone), "fedbiomed/v1/presence/gone", "online"))
                                .isInstanceOf(RuntimeException.class));
    }
}
