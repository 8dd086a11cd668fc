package fedbiomed.network;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.mqtt5.Mqtt5BlockingClient;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Role;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** A real Network on free ports, and parties enrolled with it. */
public final class TestFederation implements AutoCloseable {
    private final Path folder;
    private final Clock clock;
    private Network network;

    public TestFederation(Path folder) {
        this(folder, settings());
    }

    public TestFederation(Path folder, NetworkConfig config) {
        this(folder, config, Clock.systemUTC());
    }

    /** @param clock the Network's; TLS goes by the system's all the same */
    public TestFederation(Path folder, NetworkConfig config, Clock clock) {
        this.folder = folder;
        this.clock = clock;
        Network.init(folder.resolve("network"), config, clock);
        this.network = start();
    }

    public static NetworkConfig settings() {
        return NetworkConfig.DEFAULTS
                .withBind("127.0.0.1")
                .withPorts(0, 0)
                .withQuotas(NetworkConfig.DEFAULTS.quotas(), DataSize.ofMebibytes(1));
    }

    private Network start() {
        return Network.start(folder.resolve("network"), Map.of(), clock);
    }

    public void restart() {
        network.close();
        network = start();
    }

    public Network network() {
        return network;
    }

    public Path home(String party) {
        return folder.resolve(party);
    }

    public TransportIdentity enrol(Role role, String party) {
        return EnrolmentClient.enrol(network.invite(role, PartyId.of(party)), home(party), clock);
    }

    public Mqtt5BlockingClient mqtt(TransportIdentity identity) {
        return mqtt(identity, identity.party().value(), network.address().mqttPort());
    }

    public static Mqtt5BlockingClient mqtt(TransportIdentity identity, String clientId, int port) {
        return MqttClient.builder()
                .useMqttVersion5()
                .identifier(clientId)
                .serverHost("localhost")
                .serverPort(port)
                .sslConfig(MqttClientSslConfig.builder()
                        .keyManagerFactory(identity.keyManagerFactory())
                        .trustManagerFactory(identity.trustManagerFactory())
                        .protocols(List.of(TransportIdentity.TLS))
                        .build())
                .buildBlocking();
    }

    @Override
    public void close() {
        network.close();
    }
}
