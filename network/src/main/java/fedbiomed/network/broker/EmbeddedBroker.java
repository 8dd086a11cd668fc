package fedbiomed.network.broker;

import fedbiomed.network.enrolment.PartyRegister;
import fedbiomed.network.enrolment.ServerIdentity;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTStateManager;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.core.settings.impl.PageFullMessagePolicy;
import org.apache.activemq.artemis.utils.CertificateUtil;

/**
 * ActiveMQ Artemis in this process, speaking MQTT 5 over TLS 1.3 with client certificates and nothing else. What it has
 * acknowledged is in its journal ({@code broker/} of the home), fsynced.
 */
public final class EmbeddedBroker implements Broker {
    private static final String ACCEPTOR = "mqtt";
    /** Of an inbox, in memory; the rest waits on the disk. */
    private static final long PAGE_FROM_BYTES = 1 << 20;

    private static final int PAGE_BYTES = 1 << 20;
    private static final long ALL_IN_MEMORY_BYTES = 32L << 20;
    private static final int JOURNAL_FILE_BYTES = 10 << 20;
    /** How long the journal gathers writes for one fsync, in nanoseconds: round trips against throughput. */
    private static final int JOURNAL_GATHER_NANOS = 500_000;

    private static final int THREADS = 8;
    private static final int MAX_CONNECTIONS = 2_000;

    private final ActiveMQServer server;
    private final PartyRegister register;
    private final int port;

    /** How the broker is to be; sizes in bytes. */
    public record Settings(
            Path folder,
            String bind,
            int port,
            int maxMessageBytes,
            long inboxMessages,
            long inboxBytes,
            Duration sessionExpiry,
            long diskReserveBytes) {}

    private EmbeddedBroker(ActiveMQServer server, PartyRegister register, int port) {
        this.server = server;
        this.register = register;
        this.port = port;
    }

    /** @throws FedbiomedException when the port is taken or the broker's files cannot be used */
    public static EmbeddedBroker start(
            Settings settings, ServerIdentity identity, PartyRegister register, SecureRandom random) {
        requireFree(settings.bind(), settings.port());
        var topics = new TopicAccess((role, party) -> register.lastAccess().has(role, party));
        register.access();
        try {
            Files.createDirectories(settings.folder());
            var server = new ActiveMQServerImpl(
                    configuration(settings, acceptor(settings, identity, random)),
                    null,
                    new CertificateSecurity(register, topics));
            server.start();
            server.getRemotingService().addOutgoingInterceptor(new DeliveryOrder());
            server.getRemotingService()
                    .addIncomingInterceptor(new PacketGuard(
                            register,
                            topics,
                            Math.toIntExact(settings.sessionExpiry().toSeconds()),
                            settings.maxMessageBytes()));
            if (!(server.getRemotingService().getAcceptor(ACCEPTOR) instanceof NettyAcceptor acceptor)
                    || acceptor.getActualPort() <= 0) {
                server.stop();
                throw new FedbiomedException(
                        ErrorCode.INTERNAL,
                        "the MQTT broker does not listen on port " + settings.port() + "; see the log");
            }
            return new EmbeddedBroker(server, register, acceptor.getActualPort());
        } catch (FedbiomedException e) {
            throw e;
        } catch (Exception e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "the MQTT broker cannot start with its files in " + settings.folder() + " (" + e.getMessage() + ")",
                    e);
        }
    }

    /** Artemis only logs that a port is taken. */
    private static void requireFree(String bind, int port) {
        try (var _ = new ServerSocket(port, 1, InetAddress.getByName(bind))) {
            // it is
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.BUSY,
                    "the MQTT port " + port + " on " + bind + " cannot be used (" + e.getMessage()
                            + "); stop what listens there, or set mqtt_port in config.yaml",
                    e);
        }
    }

    private static TransportConfiguration acceptor(Settings settings, ServerIdentity identity, SecureRandom random)
            throws IOException {
        // Artemis reads stores from files with a password: both are made for this run
        var secret = new byte[16];
        random.nextBytes(secret);
        var password = HexFormat.of().formatHex(secret);
        var keyStore = settings.folder().resolve("server.p12");
        var trustStore = settings.folder().resolve("trust.p12");
        identity.writeKeyStore(keyStore, password.toCharArray());
        identity.writeTrustStore(trustStore, password.toCharArray());
        var parameters = Map.<String, Object>ofEntries(
                Map.entry("host", settings.bind()),
                Map.entry("port", settings.port()),
                Map.entry("protocols", "MQTT"),
                Map.entry("sslEnabled", true),
                Map.entry("needClientAuth", true),
                Map.entry("enabledProtocols", TransportIdentity.TLS),
                Map.entry("keyStorePath", keyStore.toString()),
                Map.entry("keyStoreType", "PKCS12"),
                Map.entry("keyStorePassword", password),
                Map.entry("trustStorePath", trustStore.toString()),
                Map.entry("trustStoreType", "PKCS12"),
                Map.entry("trustStorePassword", password),
                Map.entry("connectionsAllowed", MAX_CONNECTIONS),
                Map.entry("remotingThreads", 2),
                Map.entry("useEpoll", false),
                Map.entry("useKQueue", false));
        var mqtt = Map.<String, Object>of(
                "maximumPacketSize",
                settings.maxMessageBytes() + PacketGuard.HEADROOM_BYTES,
                "topicAliasMaximum",
                0,
                "serverKeepAlive",
                120,
                "closeMqttConnectionOnPublishAuthorizationFailure",
                false,
                "allowLinkStealing",
                true);
        return new TransportConfiguration(NettyAcceptorFactory.class.getName(), parameters, ACCEPTOR, mqtt);
    }

    private static Configuration configuration(Settings settings, TransportConfiguration acceptor) throws Exception {
        var folder = settings.folder();
        var configuration = new ConfigurationImpl();
        configuration
                .setName("fedbiomed-" + HexFormat.of().toHexDigits(System.identityHashCode(settings)))
                .addAcceptorConfiguration(acceptor)
                .setPersistenceEnabled(true)
                .setJournalType(JournalType.NIO)
                .setJournalSyncTransactional(true)
                .setJournalSyncNonTransactional(true)
                .setJournalFileSize(JOURNAL_FILE_BYTES)
                .setJournalBufferTimeout_NIO(JOURNAL_GATHER_NANOS)
                .setJournalDirectory(folder.resolve("journal").toString())
                .setBindingsDirectory(folder.resolve("bindings").toString())
                .setPagingDirectory(folder.resolve("paging").toString())
                .setLargeMessagesDirectory(folder.resolve("large").toString())
                .setGlobalMaxSize(ALL_IN_MEMORY_BYTES)
                .setMinDiskFree(settings.diskReserveBytes())
                .setSecurityEnabled(true)
                // a revocation holds at once
                .setSecurityInvalidationInterval(0)
                .setAuthenticationCacheSize(0)
                .setAuthorizationCacheSize(0)
                .setJMXManagementEnabled(false)
                .setThreadPoolMaxSize(THREADS)
                .setScheduledThreadPoolMaxSize(2)
                .setMqttSessionScanInterval(60_000)
                .setMqttSubscriptionPersistenceEnabled(true)
                .setCriticalAnalyzer(false);
        configuration.addAddressSetting(
                "#",
                new AddressSettings()
                        .setAutoCreateAddresses(true)
                        .setAutoCreateQueues(true)
                        .setAutoDeleteAddresses(true)
                        .setAutoDeleteQueues(false)
                        .setMaxSizeBytes(PAGE_FROM_BYTES)
                        .setPageSizeBytes(PAGE_BYTES)
                        .setAddressFullMessagePolicy(AddressFullMessagePolicy.PAGE)
                        .setPageLimitBytes(settings.inboxBytes())
                        .setPageLimitMessages(settings.inboxMessages())
                        .setPageFullMessagePolicy(PageFullMessagePolicy.FAIL)
                        .setMaxDeliveryAttempts(-1)
                        .setMaxExpiryDelay(settings.sessionExpiry().toMillis()));
        return configuration;
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public int connections() {
        return server.getRemotingService().getConnections().size();
    }

    /** Ends the connections of certificates that no longer hold, and forgets revoked parties' sessions and presence. */
    @Override
    public void registerChanged() {
        var access = register.access();
        for (var connection : server.getRemotingService().getConnections()) {
            var chain = CertificateUtil.getCertsFromConnection(connection);
            if (chain != null && chain.length > 0 && !access.holds(chain[0])) {
                connection.fail(new ActiveMQException("the certificate was revoked"));
            }
        }
        for (var party : register.parties()) {
            if (party.revokedAt() != null) {
                forget(party.party().value());
            }
        }
    }

    private void forget(String party) {
        try {
            MQTTStateManager.getInstance(server).removeSessionState(party);
            var retained = SimpleString.of("$sys.mqtt.retain.fedbiomed.v1.presence." + party);
            for (var name : server.getPostOffice()
                    .getAllBindings()
                    .map(b -> b.getUniqueName())
                    .toList()) {
                if (name.equals(retained) || name.toString().startsWith(party + ".fedbiomed.v1.")) {
                    var queue = server.locateQueue(name);
                    if (queue != null && queue.getConsumerCount() == 0) {
                        queue.deleteQueue();
                    }
                }
            }
        } catch (Exception e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "what waits for the revoked " + party + " cannot be removed: " + e.getMessage(),
                    e);
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new FedbiomedException(ErrorCode.INTERNAL, "the MQTT broker did not stop cleanly", e);
        }
    }
}
