package fedbiomed.network;

import fedbiomed.network.limit.Limits;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.home.Explained;
import fedbiomed.protocol.home.HomeConfig;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The settings of a Network's home. */
public record NetworkConfig(
        @Explained("Names and addresses by which parties reach this machine; the first goes into invitations.\n"
                + "All are in the server's certificate (localhost and 127.0.0.1 always are).")
        List<String> hosts,

        @Explained("The address to listen on; 0.0.0.0 is every interface.")
        String bind,

        @Explained("The parameter store's port (HTTPS).") int storePort,

        @Explained("The embedded broker's port (MQTT over TLS).")
        int mqttPort,

        @Explained("The MQTT broker: embedded in this process, or external (see 'network broker-config').")
        Broker broker,

        @Explained("What the parameter store keeps.") Quotas quotas,
        @Explained("Largest MQTT message.") DataSize maxMessage,

        @Explained("What waits for a party that is not connected.")
        Inbox inbox,

        @Explained("How long an MQTT session, and what waits in it, outlives its connection.")
        Duration sessionExpiry,

        @Explained("Space that is left free on the disk: uploads and messages are refused before it is used.")
        DataSize diskReserve,

        @Explained("How long an invitation is good for.") Duration invitationValidity,

        @Explained("A connection on which nothing moves for this long is closed.")
        Duration idleTimeout,

        @Explained("What one party may take, so that a flood from one stops nobody else.")
        Limits limits,

        @Explained(
                "File with the passphrase of the CA's key, which only its owner may be able to read, from this folder\n"
                        + "where relative; empty: beside this folder, named after it with '.ca-passphrase'. The environment\n"
                        + "variable FEDBIOMED_CA_PASSPHRASE goes before it.")
        String caPassphraseFile) {

    public static final String ENVIRONMENT = "FEDBIOMED_NETWORK";

    /** Where the broker is. */
    public enum BrokerKind {
        EMBEDDED,
        EXTERNAL
    }

    public record Broker(
            @Explained("embedded or external") BrokerKind kind,

            @Explained("Host that parties connect to, where external.")
            String externalHost,

            int externalPort,

            @Explained("Folder that 'broker-config' files are made anew in at every enrolment and revocation,\n"
                    + "where external; empty: not made.")
            String configFolder,

            @Explained("Command run after that, e.g. systemctl reload mosquitto; empty: none.")
            String onChange) {}

    public record Quotas(
            @Explained("Largest entry.") DataSize entry,

            @Explained("All entries and unfinished uploads of one party.")
            DataSize party,

            @Explained("All entries and unfinished uploads together.")
            DataSize total,

            @Explained("An entry goes this long after its upload.")
            Duration timeToLive,

            @Explained("An unfinished upload goes this long after its last byte.")
            Duration unfinished) {}

    public record Inbox(
            @Explained("Messages for one party; more are refused to their senders.")
            long messages,

            @Explained("Their bytes, on disk beyond the first MiB.")
            DataSize size) {}

    public static final NetworkConfig DEFAULTS = new NetworkConfig(
            List.of("localhost"),
            "0.0.0.0",
            8443,
            8883,
            new Broker(BrokerKind.EMBEDDED, "", 8883, "", ""),
            new Quotas(
                    DataSize.ofGibibytes(16),
                    DataSize.ofGibibytes(128),
                    DataSize.ofGibibytes(512),
                    Duration.ofDays(30),
                    Duration.ofDays(2)),
            DataSize.ofMebibytes(5),
            new Inbox(10_000, DataSize.ofMebibytes(512)),
            Duration.ofDays(30),
            DataSize.ofGibibytes(1),
            Duration.ofDays(7),
            Duration.ofSeconds(60),
            Limits.DEFAULTS,
            "");

    public NetworkConfig {
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("hosts must name this machine at least once");
        }
        for (var host : hosts) {
            if (!host.matches("[A-Za-z0-9:][A-Za-z0-9.:-]{0,252}")) {
                throw new IllegalArgumentException("'" + host + "' is neither a host name nor an address");
            }
        }
        requirePort(storePort);
        requirePort(mqttPort);
        if (maxMessage.bytes() < 1024 || maxMessage.bytes() > 128 << 20) {
            throw new IllegalArgumentException("max_message is 1 KiB to 128 MiB, not " + maxMessage);
        }
        if (broker.kind() == BrokerKind.EXTERNAL && broker.externalHost().isEmpty()) {
            throw new IllegalArgumentException("broker.external_host must name the external broker");
        }
    }

    private static void requirePort(int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("a port is 0 (any free one) to 65535, not " + port);
        }
    }

    public static HomeConfig<NetworkConfig> file() {
        return HomeConfig.of(ENVIRONMENT, DEFAULTS);
    }

    static NetworkConfig read(Path home, Map<String, String> environment) {
        if (!home.resolve(HomeConfig.FILE).toFile().isFile()) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    home + " is no Network's home (it has no " + HomeConfig.FILE
                            + "); make one with 'fedbiomed network init --home " + home + "'");
        }
        return file().read(home, environment);
    }

    /** With these ports (0 is any free one). */
    public NetworkConfig withPorts(int store, int mqtt) {
        return with(draft -> {
            draft.storePort = store;
            draft.mqttPort = mqtt;
        });
    }

    /** Listening on this address only. */
    public NetworkConfig withBind(String address) {
        return with(draft -> draft.bind = address);
    }

    public NetworkConfig withHosts(List<String> names) {
        return with(draft -> draft.hosts = names);
    }

    public NetworkConfig withBroker(Broker other) {
        return with(draft -> draft.broker = other);
    }

    public NetworkConfig withQuotas(Quotas other, DataSize reserve) {
        return with(draft -> {
            draft.quotas = other;
            draft.diskReserve = reserve;
        });
    }

    public NetworkConfig withInbox(Inbox other) {
        return with(draft -> draft.inbox = other);
    }

    public NetworkConfig withLimits(Limits other) {
        return with(draft -> draft.limits = other);
    }

    public NetworkConfig withCaPassphraseFile(String file) {
        return with(draft -> draft.caPassphraseFile = file);
    }

    private NetworkConfig with(Consumer<Draft> change) {
        var draft = new Draft(this);
        change.accept(draft);
        return draft.settings();
    }

    /** The settings while some of them are changed: those that a {@code with} method changes, and the rest. */
    private static final class Draft {
        private final NetworkConfig rest;
        private List<String> hosts;
        private String bind;
        private int storePort;
        private int mqttPort;
        private Broker broker;
        private Quotas quotas;
        private Inbox inbox;
        private DataSize diskReserve;
        private Limits limits;
        private String caPassphraseFile;

        Draft(NetworkConfig from) {
            rest = from;
            hosts = from.hosts;
            bind = from.bind;
            storePort = from.storePort;
            mqttPort = from.mqttPort;
            broker = from.broker;
            quotas = from.quotas;
            inbox = from.inbox;
            diskReserve = from.diskReserve;
            limits = from.limits;
            caPassphraseFile = from.caPassphraseFile;
        }

        NetworkConfig settings() {
            return new NetworkConfig(
                    hosts,
                    bind,
                    storePort,
                    mqttPort,
                    broker,
                    quotas,
                    rest.maxMessage,
                    inbox,
                    rest.sessionExpiry,
                    diskReserve,
                    rest.invitationValidity,
                    rest.idleTimeout,
                    limits,
                    caPassphraseFile);
        }
    }
}
