package fedbiomed.network.broker;

import fedbiomed.network.limit.Connections;
import fedbiomed.protocol.transport.CertifiedParty;
import fedbiomed.vocabulary.FedbiomedException;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.cluster.ClusterConnection;
import org.apache.activemq.artemis.core.server.metrics.MetricsManager;
import org.apache.activemq.artemis.spi.core.protocol.ProtocolManager;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;
import org.apache.activemq.artemis.spi.core.remoting.AcceptorFactory;
import org.apache.activemq.artemis.spi.core.remoting.BufferHandler;
import org.apache.activemq.artemis.spi.core.remoting.ServerConnectionLifeCycleListener;
import org.apache.activemq.artemis.utils.actors.OrderedExecutor;

/**
 * Artemis's door with its connections counted from their first byte on. Artemis's own limit counts them only once they
 * speak MQTT, and all together.
 */
final class GuardedAcceptor extends NettyAcceptor {
    /** On a channel whose CONNECT was taken; on others Artemis may wait for ever, for one that does not come or is none. */
    static final AttributeKey<Boolean> SPEAKS_MQTT = AttributeKey.valueOf("fedbiomed.mqtt");

    private final Connections connections;
    private final Duration handshake;

    /** Makes the door for Artemis. */
    record Factory(Connections connections, Duration handshake) implements AcceptorFactory {
        @Override
        public Acceptor createAcceptor(
                String name,
                ClusterConnection cluster,
                Map<String, Object> configuration,
                BufferHandler handler,
                ServerConnectionLifeCycleListener listener,
                Executor threadPool,
                ScheduledExecutorService scheduled,
                Map<String, ProtocolManager> protocols,
                String threadGroup,
                MetricsManager metrics) {
            var failures = new OrderedExecutor(threadPool);
            return new GuardedAcceptor(
                    this,
                    name,
                    cluster,
                    configuration,
                    handler,
                    listener,
                    scheduled,
                    failures,
                    protocols,
                    threadGroup,
                    metrics);
        }
    }

    @SuppressWarnings("TooManyParameters")
    private GuardedAcceptor(
            Factory made,
            String name,
            ClusterConnection cluster,
            Map<String, Object> configuration,
            BufferHandler handler,
            ServerConnectionLifeCycleListener listener,
            ScheduledExecutorService scheduled,
            Executor failures,
            Map<String, ProtocolManager> protocols,
            String threadGroup,
            MetricsManager metrics) {
        super(name, cluster, configuration, handler, listener, scheduled, failures, protocols, threadGroup, metrics);
        this.connections = made.connections();
        this.handshake = made.handshake();
    }

    @Override
    public SslHandler getSslHandler(ByteBufAllocator allocator, String peer, int port) throws Exception {
        var handler = new GuardedTls(super.getSslHandler(allocator, peer, port).engine());
        handler.setHandshakeTimeout(handshake.toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }

    private final class GuardedTls extends SslHandler {
        GuardedTls(SSLEngine engine) {
            super(engine);
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) throws Exception {
            super.handlerAdded(context);
            var channel = context.channel();
            var held = channel.remoteAddress() instanceof InetSocketAddress from
                    ? connections.opened(from.getAddress())
                    : null;
            if (held == null) {
                channel.close();
                return;
            }
            channel.closeFuture().addListener(_ -> held.closed());
            // before the first MQTT packet is handled: both happen on the channel's own thread, one after the other
            handshakeFuture().addListener(done -> {
                if (done.isSuccess() && !isPartys(held)) {
                    channel.close();
                } else if (done.isSuccess()) {
                    channel.eventLoop()
                            .schedule(() -> closeUnlessMqtt(channel), handshake.toMillis(), TimeUnit.MILLISECONDS);
                }
            });
        }

        private void closeUnlessMqtt(Channel channel) {
            if (!channel.hasAttr(SPEAKS_MQTT)) {
                channel.close();
            }
        }

        private boolean isPartys(Connections.Held held) {
            try {
                var shown = engine().getSession().getPeerCertificates();
                return shown[0] instanceof X509Certificate certificate
                        && held.belongsTo(CertifiedParty.of(certificate).party());
            } catch (SSLPeerUnverifiedException | FedbiomedException _) {
                return false;
            }
        }
    }
}
