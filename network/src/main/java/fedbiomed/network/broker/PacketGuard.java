package fedbiomed.network.broker;

import fedbiomed.network.enrolment.PartyRegister;
import fedbiomed.protocol.transport.CertifiedParty;
import fedbiomed.vocabulary.Role;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTInterceptor;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyConnection;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;

/**
 * What Artemis's own checks leave open, at each packet before it is handled: MQTT 5 only, a will only where its client
 * may publish, nothing retained but presence, no shared subscriptions, sessions and packets within their bounds. A
 * packet that breaks a rule ends its connection: clients of ours never send one.
 */
final class PacketGuard implements MQTTInterceptor {
    private static final int MQTT_5 = 5;
    /** Room for a packet's header, topic and properties beside its message. */
    static final int HEADROOM_BYTES = 1 << 16;

    private static final int MAX_SUBSCRIPTIONS_A_PACKET = 16;
    /** To Artemis, what follows it is the name of a queue: each other name would be a topic more to keep. */
    private static final String QUEUE = "::";

    private static final Pattern WILDCARD = Pattern.compile("[#+]");

    private final PartyRegister register;
    private final TopicAccess topics;
    private final ConnectionAudit audit;
    private final MessageRate messages;
    private final BiPredicate<String, String> sessionRoom;
    private final int maxSessionSeconds;
    private final int maxMessageBytes;

    /** @param sessionRoom whether a researcher may begin a session, or take up its own, with a client id */
    PacketGuard(
            PartyRegister register,
            TopicAccess topics,
            ConnectionAudit audit,
            MessageRate messages,
            BiPredicate<String, String> sessionRoom,
            int maxSessionSeconds,
            int maxMessageBytes) {
        this.register = register;
        this.topics = topics;
        this.audit = audit;
        this.messages = messages;
        this.sessionRoom = sessionRoom;
        this.maxSessionSeconds = maxSessionSeconds;
        this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public boolean intercept(MqttMessage packet, RemotingConnection connection) {
        return switch (packet) {
            case MqttConnectMessage connect -> mayConnect(connect, connection);
            case MqttPublishMessage publish -> {
                count(connection);
                var topic = publish.variableHeader().topicName();
                yield !topic.contains(QUEUE)
                        && (!publish.fixedHeader().isRetain() || topics.mayRetain(topic))
                        && mayBeHandedOn(publish.variableHeader().properties());
            }
            case MqttSubscribeMessage subscribe ->
                subscribe.payload().topicSubscriptions().size() <= MAX_SUBSCRIPTIONS_A_PACKET
                        && subscribe.payload().topicSubscriptions().stream()
                                .noneMatch(one -> one.topicFilter().startsWith("$")
                                        || one.topicFilter().contains(QUEUE));
            default -> {
                // a DISCONNECT may ask for another life of the session than the CONNECT did
                if (packet.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader disconnect) {
                    boundSession(disconnect.properties());
                }
                yield true;
            }
        };
    }

    /**
     * Artemis hands a message's properties on as they came; a client that reads what MQTT forbids (version 5, sections
     * 1.5.4 and 3.3.2.3.5) ends its own connection, and so one party could keep another off the Network.
     */
    private static boolean mayBeHandedOn(MqttProperties properties) {
        return properties.listAll().stream().allMatch(property -> switch (property) {
            case MqttProperties.UserProperties pairs ->
                pairs.value().stream().allMatch(pair -> isText(pair.key) && isText(pair.value));
            case MqttProperties.StringProperty text
            when text.propertyId() == MqttPropertyType.RESPONSE_TOPIC.value() ->
                isText(text.value())
                        && !text.value().isEmpty()
                        && !WILDCARD.matcher(text.value()).find();
            case MqttProperties.StringProperty text -> isText(text.value());
            default -> true;
        });
    }

    private static boolean isText(String text) {
        return text.indexOf('\0') < 0;
    }

    private void count(RemotingConnection connection) {
        var client = connection.getClientID();
        if (client != null) {
            // it was compared with the certificate when the connection began
            int suffix = client.indexOf('_');
            messages.count(suffix < 0 ? client : client.substring(0, suffix), connection);
        }
    }

    /**
     * Refuses here what Artemis would refuse at authentication: by then it has taken up the client id, and its clean-up
     * after the refusal forgets the subscriptions of the session that the id belongs to.
     */
    private boolean mayConnect(MqttConnectMessage connect, RemotingConnection connection) {
        if (connect.variableHeader().version() != MQTT_5) {
            return false;
        }
        var certificate = CertificateSecurity.certificate(connection).filter(register::holds);
        if (certificate.isEmpty()) {
            return refused(connection, MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5);
        }
        var who = CertifiedParty.of(certificate.get());
        if (!CertificateSecurity.isClientIdOf(who, connect.payload().clientIdentifier())) {
            return refused(connection, MqttConnectReturnCode.CONNECTION_REFUSED_CLIENT_IDENTIFIER_NOT_VALID);
        }
        // a node has one client id; to count sessions is to look at all of all parties
        if (who.role() == Role.RESEARCHER
                && !sessionRoom.test(who.party().value(), connect.payload().clientIdentifier())) {
            return refused(connection, MqttConnectReturnCode.CONNECTION_REFUSED_QUOTA_EXCEEDED);
        }
        if (connect.variableHeader().isWillFlag()) {
            var topic = connect.payload().willTopic();
            boolean retainable = !connect.variableHeader().isWillRetain() || topics.mayRetain(topic);
            if (!retainable
                    || !topics.mayPublish(who, topic)
                    || !mayBeHandedOn(connect.payload().willProperties())) {
                return refused(connection, MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5);
            }
        }
        boundSession(connect.variableHeader().properties());
        ReceiveMaximum.leaveRoom(connect.variableHeader().properties());
        welcome(connection);
        return true;
    }

    /** Tells the client why; Artemis then ends the connection. */
    private boolean refused(RemotingConnection connection, MqttConnectReturnCode reason) {
        audit.refused(connection);
        if (connection.getTransportConnection() instanceof NettyConnection netty) {
            netty.getChannel()
                    .writeAndFlush(
                            MqttMessageBuilders.connAck().returnCode(reason).build());
        }
        return false;
    }

    private void boundSession(MqttProperties properties) {
        int id = MqttPropertyType.SESSION_EXPIRY_INTERVAL.value();
        if (properties.getProperty(id) instanceof MqttProperties.IntegerProperty asked
                && Integer.compareUnsigned(asked.value(), maxSessionSeconds) > 0) {
            properties.add(new MqttProperties.IntegerProperty(id, maxSessionSeconds));
        }
    }

    /** Artemis decodes packets of up to 256 MiB and judges their size afterwards: from here on it is judged before. */
    private void welcome(RemotingConnection connection) {
        if (connection.getTransportConnection() instanceof NettyConnection netty) {
            netty.getChannel().attr(GuardedAcceptor.SPEAKS_MQTT).set(true);
            var pipeline = netty.getChannel().pipeline();
            if (pipeline.get(MqttDecoder.class) != null) {
                pipeline.replace(
                        MqttDecoder.class, "bounded-mqtt-decoder", new MqttDecoder(maxMessageBytes + HEADROOM_BYTES));
            }
        }
    }
}
