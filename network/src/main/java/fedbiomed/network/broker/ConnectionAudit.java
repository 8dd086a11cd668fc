package fedbiomed.network.broker;

import fedbiomed.protocol.audit.AuditEvent;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditTally;
import fedbiomed.protocol.transport.CertifiedParty;
import fedbiomed.vocabulary.FedbiomedException;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessage;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTInterceptor;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records who connects, from the broker's own answers. A connection is not ended because it cannot be recorded: the
 * messages of a federation go on, and what the Network cannot record of its own doing it does not do.
 */
final class ConnectionAudit implements MQTTInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionAudit.class);

    private final AuditTally audit;

    ConnectionAudit(AuditTally audit) {
        this.audit = audit;
    }

    @Override
    public boolean intercept(MqttMessage packet, RemotingConnection connection) {
        if (packet instanceof MqttConnAckMessage answer) {
            record(
                    answer.variableHeader().connectReturnCode() == MqttConnectReturnCode.CONNECTION_ACCEPTED
                            ? AuditKind.CONNECTION_ACCEPTED
                            : AuditKind.CONNECTION_REFUSED,
                    connection);
        }
        return true;
    }

    /** One that does not come to the broker's own answer. */
    void refused(RemotingConnection connection) {
        record(AuditKind.CONNECTION_REFUSED, connection);
    }

    private void record(AuditKind kind, RemotingConnection connection) {
        var event = AuditEvent.of(kind);
        CertificateSecurity.certificate(connection).ifPresent(certificate -> {
            var who = CertifiedParty.of(certificate);
            event.party(who.party()).role(who.role()).certificate(certificate.getSerialNumber());
        });
        try {
            audit.record(event.build());
        } catch (FedbiomedException e) {
            LOG.error("a connection could not be recorded: {}", e.text());
        }
    }
}
