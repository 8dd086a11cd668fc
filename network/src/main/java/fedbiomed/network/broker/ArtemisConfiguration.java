package fedbiomed.network.broker;

import fedbiomed.protocol.transport.TransportIdentity;
import java.util.HexFormat;
import java.util.Map;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.CoreAddressConfiguration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.core.settings.impl.PageFullMessagePolicy;

/** How Artemis is to be: its one door (MQTT over TLS), its files, and the bounds of every inbox. */
final class ArtemisConfiguration {
    static final String ACCEPTOR = "mqtt";
    /**
     * Where messages go that have expired. Its one queue takes nothing, so there they end: their senders set the time,
     * and ask again if they still want an answer. No party may read or write it ({@link TopicAccess}).
     */
    private static final String DROPPED = "dropped";
    /** Of an inbox, in memory; the rest waits on the disk. */
    private static final long PAGE_FROM_BYTES = 1 << 20;

    private static final int PAGE_BYTES = 1 << 20;
    /**
     * Of all inboxes, as a part of the heap. Beyond, each inbox that gets a message waits on the disk, with a file open for
     * it: with thousands of parties that are more files than a process may have open, and Artemis stops.
     */
    private static final int HEAP_FOR_EACH_BYTE = 8;

    private static final long LEAST_IN_MEMORY_BYTES = 32L << 20;
    private static final int JOURNAL_FILE_BYTES = 10 << 20;
    /** How long the journal gathers writes for one fsync, in nanoseconds: round trips against throughput. */
    private static final int JOURNAL_GATHER_NANOS = 500_000;

    /** Of a queue, which makes room for as many more whenever they are full; each node has two. Artemis's own: 8192, 32 KiB. */
    private static final int QUEUE_PLACES = 64;

    private static final int THREADS = 8;
    /** Of both ends' silence, what the broker asks clients for. */
    static final int KEEP_ALIVE_SECONDS = 120;

    private ArtemisConfiguration() {}

    static Configuration of(EmbeddedBroker.Settings settings, KeyStores stores) throws Exception {
        var folder = settings.folder();
        var configuration = new ConfigurationImpl();
        configuration
                .setName("fedbiomed-" + HexFormat.of().toHexDigits(System.identityHashCode(settings)))
                .addAcceptorConfiguration(acceptor(settings, stores))
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
                .setGlobalMaxSize(
                        Math.max(LEAST_IN_MEMORY_BYTES, Runtime.getRuntime().maxMemory() / HEAP_FOR_EACH_BYTE))
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
        configuration.addAddressSetting("#", inboxes(settings));
        configuration.addAddressConfiguration(new CoreAddressConfiguration()
                .setName(DROPPED)
                .addRoutingType(RoutingType.MULTICAST)
                .addQueueConfiguration(QueueConfiguration.of(DROPPED)
                        .setRoutingType(RoutingType.MULTICAST)
                        .setFilterString("FALSE")
                        .setDurable(false)));
        return configuration;
    }

    private static AddressSettings inboxes(EmbeddedBroker.Settings settings) {
        return new AddressSettings()
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
                .setInitialQueueBufferSize(QUEUE_PLACES)
                .setMaxDeliveryAttempts(-1)
                .setExpiryAddress(SimpleString.of(DROPPED))
                .setDeadLetterAddress(SimpleString.of(DROPPED))
                .setMaxExpiryDelay(settings.sessionExpiry().toMillis());
    }

    private static TransportConfiguration acceptor(EmbeddedBroker.Settings settings, KeyStores stores) {
        var parameters = Map.<String, Object>ofEntries(
                Map.entry("host", settings.bind()),
                Map.entry("port", settings.port()),
                Map.entry("protocols", "MQTT"),
                Map.entry("sslEnabled", true),
                Map.entry("needClientAuth", true),
                Map.entry("enabledProtocols", TransportIdentity.TLS),
                Map.entry("keyStorePath", stores.keyStore().toString()),
                Map.entry("keyStoreType", "PKCS12"),
                Map.entry("keyStorePassword", stores.password()),
                Map.entry("trustStorePath", stores.trustStore().toString()),
                Map.entry("trustStoreType", "PKCS12"),
                Map.entry("trustStorePassword", stores.password()),
                Map.entry("connectionsAllowed", settings.limits().allConnections()),
                Map.entry("remotingThreads", 2),
                Map.entry("useEpoll", false),
                Map.entry("useKQueue", false));
        var mqtt = Map.<String, Object>of(
                "maximumPacketSize",
                settings.maxMessageBytes() + PacketGuard.HEADROOM_BYTES,
                "topicAliasMaximum",
                0,
                "serverKeepAlive",
                KEEP_ALIVE_SECONDS,
                "closeMqttConnectionOnPublishAuthorizationFailure",
                false,
                "allowLinkStealing",
                true);
        return new TransportConfiguration(NettyAcceptorFactory.class.getName(), parameters, ACCEPTOR, mqtt);
    }
}
