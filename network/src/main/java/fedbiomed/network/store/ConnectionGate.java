package fedbiomed.network.store;

import fedbiomed.network.limit.Connections;
import fedbiomed.protocol.transport.CertifiedParty;
import fedbiomed.vocabulary.FedbiomedException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.util.thread.Scheduler;

/** Counts the store's connections from their first byte on, and closes those that are too many or too slow to shake hands. */
final class ConnectionGate implements Connection.Listener, SslHandshakeListener {
    private final Connections connections;
    private final Duration handshake;
    private final Scheduler scheduler;
    private final Map<SSLEngine, Open> open = new ConcurrentHashMap<>();

    private record Open(Connections.Held held, SslConnection connection, Scheduler.Task deadline) {}

    ConnectionGate(Connections connections, Duration handshake, Scheduler scheduler) {
        this.connections = connections;
        this.handshake = handshake;
        this.scheduler = scheduler;
    }

    @Override
    public void onOpened(Connection connection) {
        if (!(connection instanceof SslConnection tls)) {
            return;
        }
        var held = tls.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress from
                ? connections.opened(from.getAddress())
                : null;
        if (held == null) {
            tls.getEndPoint().close();
            return;
        }
        var deadline = scheduler.schedule(() -> tls.getEndPoint().close(), handshake.toMillis(), TimeUnit.MILLISECONDS);
        open.put(tls.getSSLEngine(), new Open(held, tls, deadline));
    }

    @Override
    public void onClosed(Connection connection) {
        if (connection instanceof SslConnection tls) {
            var gone = open.remove(tls.getSSLEngine());
            if (gone != null) {
                gone.deadline().cancel();
                gone.held().closed();
            }
        }
    }

    @Override
    public void handshakeSucceeded(Event event) {
        var known = open.get(event.getSSLEngine());
        if (known == null) {
            return;
        }
        known.deadline().cancel();
        if (!staysOpen(event.getSSLEngine(), known.held())) {
            known.connection().getEndPoint().close();
        }
    }

    private static boolean staysOpen(SSLEngine engine, Connections.Held held) {
        try {
            return !(engine.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate)
                    || held.belongsTo(CertifiedParty.of(certificate).party());
        } catch (SSLPeerUnverifiedException _) {
            // a stranger still: it may enrol
            return true;
        } catch (FedbiomedException _) {
            return false;
        }
    }
}
