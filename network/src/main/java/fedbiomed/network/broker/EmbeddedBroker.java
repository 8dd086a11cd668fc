package fedbiomed.network.broker;

import fedbiomed.network.enrolment.PartyRegister;
import fedbiomed.network.enrolment.ServerIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTStateManager;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.impl.ActiveMQServerImpl;
import org.apache.activemq.artemis.utils.CertificateUtil;

/**
 * ActiveMQ Artemis in this process, speaking MQTT 5 over TLS 1.3 with client certificates and nothing else. What it has
 * acknowledged is in its journal ({@code broker/} of the home), fsynced.
 */
public final class EmbeddedBroker implements Broker {
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
            Settings settings, ServerIdentity identity, PartyRegister register, SecureRandom random, Clock clock) {
        requireFree(settings.bind(), settings.port());
        var topics = new TopicAccess((role, party) -> register.lastAccess().has(role, party));
        register.access();
        try {
            Files.createDirectories(settings.folder());
            var server = new ActiveMQServerImpl(
                    ArtemisConfiguration.of(settings, identity, random),
                    null,
                    new CertificateSecurity(register, topics));
            var fullInbox = new FullInbox(clock);
            server.registerBrokerPlugin(fullInbox);
            // before it listens: no connection is without them
            var services = server.getServiceRegistry();
            services.addOutgoingInterceptor(new DeliveryOrder());
            services.addOutgoingInterceptor(fullInbox);
            services.addIncomingInterceptor(new PacketGuard(
                    register,
                    topics,
                    Math.toIntExact(settings.sessionExpiry().toSeconds()),
                    settings.maxMessageBytes()));
            server.start();
            if (!(server.getRemotingService().getAcceptor(ArtemisConfiguration.ACCEPTOR)
                            instanceof NettyAcceptor acceptor)
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

    /** Connections end first: Artemis would clear up after them when its journal is closed already. */
    @Override
    public void close() {
        try {
            server.getRemotingService().pauseAcceptors();
            for (var connection : server.getRemotingService().getConnections()) {
                connection.fail(new ActiveMQException("the Network stops"));
            }
            server.stop();
        } catch (Exception e) {
            throw new FedbiomedException(ErrorCode.INTERNAL, "the MQTT broker did not stop cleanly", e);
        }
    }
}
