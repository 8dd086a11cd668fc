package fedbiomed.network.broker;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubAckMessage;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.artemis.api.core.ActiveMQAddressFullException;
import org.apache.activemq.artemis.api.core.ActiveMQSecurityException;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.io.IOCallback;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTInterceptor;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTReasonCodes;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnection;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses a message for which there is no room, and that message alone: its PUBACK says {@code 0x97 Quota exceeded}, and
 * the sender, who may have messages for others under way, keeps its connection. Artemis itself would end it.
 *
 * <p>Of all that may go wrong with a message, Artemis answers only "not authorised" with a PUBACK: so it is told that,
 * and on its way out the answer gets the code that is true. Both happen in one call, one after the other for a
 * connection: no other answer can be meant.
 */
final class FullInbox implements ActiveMQServerMessagePlugin, MQTTInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(FullInbox.class);
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private final Clock clock;
    /** Connections whose last message was refused here; gone with the connection where no answer was wanted (QoS 0). */
    private final Set<RemotingConnection> refused =
            Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));

    private final Map<String, Instant> warned = new ConcurrentHashMap<>();
    private volatile @Nullable ActiveMQServer server;

    FullInbox(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void registered(ActiveMQServer server) {
        this.server = server;
    }

    /** Before Artemis looks: it would end the connection. */
    @Override
    public void beforeSend(
            ServerSession session, @Nullable Transaction tx, Message message, boolean direct, boolean noAutoCreateQueue)
            throws ActiveMQSecurityException {
        refused.remove(session.getRemotingConnection());
        var broker = server;
        if (broker != null && broker.getPagingManager().isDiskFull()) {
            throw refusal(session, "the Network's disk", "all messages are refused until there is space");
        }
    }

    @Override
    public void onSendException(
            ServerSession session,
            @Nullable Transaction tx,
            Message message,
            boolean direct,
            boolean noAutoCreateQueue,
            Exception e)
            throws ActiveMQSecurityException {
        if (e instanceof ActiveMQAddressFullException) {
            throw refusal(session, message.getAddress(), "messages for it are refused until it has read some");
        }
    }

    private ActiveMQSecurityException refusal(ServerSession session, String what, String consequence) {
        var now = clock.instant();
        // a sender tries again and again: once a minute is enough for the log
        var last = warned.get(what);
        if (last == null || last.plus(BETWEEN_WARNINGS).isBefore(now)) {
            warned.put(what, now);
            LOG.warn("{} is full: {}", what, consequence);
        }
        refused.add(session.getRemotingConnection());
        return new ActiveMQSecurityException(what + " is full");
    }

    /** @return false for the answer that was written here */
    @Override
    public boolean intercept(MqttMessage packet, RemotingConnection connection) {
        if (packet.fixedHeader().messageType() != MqttMessageType.PUBACK
                || !(packet.variableHeader() instanceof MqttPubReplyMessageVariableHeader header)
                || header.reasonCode() != MQTTReasonCodes.NOT_AUTHORIZED
                || !refused.remove(connection)
                || !(connection.getTransportConnection() instanceof NettyConnection netty)) {
            return true;
        }
        var answer = new MqttPubAckMessage(
                packet.fixedHeader(),
                new MqttPubReplyMessageVariableHeader(
                        header.messageId(), MQTTReasonCodes.QUOTA_EXCEEDED, header.properties()));
        writeInTurn(netty, answer);
        return false;
    }

    /** After the acknowledgements of earlier messages that still wait for the disk, as Artemis does it. */
    private void writeInTurn(NettyConnection netty, MqttPubAckMessage answer) {
        var broker = server;
        if (broker == null) {
            return;
        }
        broker.getStorageManager().afterCompleteOperations(new IOCallback() {
            @Override
            public void done() {
                netty.getChannel().writeAndFlush(answer, netty.getChannel().voidPromise());
            }

            @Override
            public void onError(int errorCode, String errorMessage) {
                // the journal failed: Artemis stops the broker
            }
        });
    }
}
