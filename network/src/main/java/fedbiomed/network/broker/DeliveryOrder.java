package fedbiomed.network.broker;

import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageType;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTInterceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnection;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;

/**
 * Delivers in the order of arrival, as MQTT 5 promises for a topic (section 4.6). Artemis 2.55 does not (ARTEMIS-6191):
 * it lets a packet wait for whatever the delivering thread has pending in the journal, and when the next batch is
 * delivered by another thread, which has nothing pending, that overtakes. So the packet is written here, at once: a
 * queue delivers one batch after the other, and a message that was delivered before it was stored is one that its
 * sender, who has no acknowledgement yet, sends again.
 */
final class DeliveryOrder implements MQTTInterceptor {
    /** @return false for what was written here: Artemis then leaves it alone */
    @Override
    public boolean intercept(MqttMessage packet, RemotingConnection connection) {
        if (packet.fixedHeader().messageType() != MqttMessageType.PUBLISH
                || !(connection.getTransportConnection() instanceof NettyConnection netty)) {
            return true;
        }
        var channel = netty.getChannel();
        channel.writeAndFlush(packet, channel.voidPromise());
        return false;
    }
}
