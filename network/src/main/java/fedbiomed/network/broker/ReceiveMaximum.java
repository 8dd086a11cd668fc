package fedbiomed.network.broker;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.ServerConsumer;
import org.apache.activemq.artemis.core.server.impl.AckReason;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerMessagePlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.jspecify.annotations.Nullable;

/**
 * How much a client takes at a time, it takes of all its subscriptions together (MQTT 5, section 4.9). Artemis 2.55 delivers
 * each subscription on a thread of its own: together they send more, and the client must end the connection; and when there
 * is room again, it tells only the subscription whose message was acknowledged: another's wait until one more comes for it.
 */
final class ReceiveMaximum implements ActiveMQServerMessagePlugin {
    /** A researcher has three subscriptions, and what is retained comes to one that is new. */
    private static final int CONCURRENT_DELIVERIES = 4;

    private volatile @Nullable ActiveMQServer server;

    @Override
    public void registered(ActiveMQServer server) {
        this.server = server;
    }

    /** Each subscription's thread looks first and sends then: so Artemis is told of less than the client takes. */
    static void leaveRoom(MqttProperties connect) {
        int id = MqttPropertyType.RECEIVE_MAXIMUM.value();
        if (connect.getProperty(id) instanceof MqttProperties.IntegerProperty asked) {
            connect.add(new MqttProperties.IntegerProperty(id, Math.max(1, asked.value() - CONCURRENT_DELIVERIES)));
        }
    }

    /** There is room again: the client's other subscriptions are told too. */
    @Override
    public void messageAcknowledged(
            @Nullable Transaction tx, MessageReference reference, AckReason reason, @Nullable ServerConsumer consumer) {
        var broker = server;
        if (broker == null || consumer == null) {
            return;
        }
        var session = broker.getSessionByID(consumer.getSessionID());
        if (session == null) {
            return;
        }
        for (var other : session.getServerConsumers()) {
            if (other.getID() != consumer.getID() && other.getQueue().getMessageCount() > 0) {
                other.promptDelivery();
            }
        }
    }
}
