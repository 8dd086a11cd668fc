package fedbiomed.network.store;

import fedbiomed.network.enrolment.ServerIdentity;
import fedbiomed.network.limit.Connections;
import fedbiomed.network.limit.Limits;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** How Jetty serves: TLS 1.3, client certificates wanted, virtual threads, every size and wait bounded. */
final class HttpsServer {
    /** A thousand recipients of the longest name fit. */
    private static final int MAX_HEADER_BYTES = 80 << 10;

    private static final int MAX_PLATFORM_THREADS = 32;

    private final SslContextFactory.Server tls = new SslContextFactory.Server();

    private final Connections connections;
    private final int allConnections;
    private final Duration handshake;

    HttpsServer(ServerIdentity identity, Limits limits) {
        connections = new Connections(limits);
        allConnections = limits.allConnections();
        handshake = limits.strangers().handshake();
        tls.setSslContext(identity.sslContext());
        tls.setIncludeProtocols(TransportIdentity.TLS);
        tls.setWantClientAuth(true);
    }

    /** New connections are shown this certificate. */
    void renew(ServerIdentity identity) {
        try {
            tls.reload(factory -> factory.setSslContext(identity.sslContext()));
        } catch (Exception e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL, "the parameter store's new certificate cannot be used: " + e.getMessage(), e);
        }
    }

    /** How many connections were closed for being too many, so far. */
    long refusedConnections() {
        return connections.refused();
    }

    void configure(JavalinConfig config, String bind, int port, Duration idle) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        var pool = new QueuedThreadPool(MAX_PLATFORM_THREADS, 2);
        pool.setName("store");
        pool.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        config.jetty.threadPool = pool;
        config.jetty.modifyServer(server -> {
            server.addBean(new NetworkConnectionLimit(allConnections, server));
            server.setStopTimeout(2_000);
        });
        config.jetty.addConnector((server, _) -> connector(server, bind, port, idle));
    }

    private Connector connector(Server server, String bind, int port, Duration idle) {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setIdleTimeout(idle.toMillis());
        // clients check the host's name against the certificate; Jetty need not ask again
        http.addCustomizer(new SecureRequestCustomizer(false));
        var connector = new ServerConnector(
                server,
                1,
                1,
                new SslConnectionFactory(tls, HttpVersion.HTTP_1_1.asString()),
                new HttpConnectionFactory(http));
        connector.setHost(bind);
        connector.setPort(port);
        connector.setIdleTimeout(idle.toMillis());
        connector.addBean(new ConnectionGate(connections, handshake, connector.getScheduler()));
        try {
            // here, not at Javalin's start, which would log a stack trace beside the error that we give
            connector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
        }
        return connector;
    }
}
