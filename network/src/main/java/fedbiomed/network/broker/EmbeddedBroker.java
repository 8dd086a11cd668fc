package fedbiomed.network.broker;

import fedbiomed.network.enrolment.PartyRegister;
import fedbiomed.network.enrolment.ServerIdentity;
import fedbiomed.network.limit.Connections;
import fedbiomed.network.limit.Limits;
import fedbiomed.protocol.audit.AuditTally;
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
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ActiveMQ Artemis in this process, speaking MQTT 5 over TLS 1.3 with client certificates and nothing else. What it has
 * acknowledged is in its journal ({@code broker/} of the home), fsynced.
 */
public final class EmbeddedBroker implements Broker {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);

    private final ActiveMQServer server;
    private final PartyRegister register;
    private final Sessions sessions;
    private final KeyStores stores;
    private final NettyAcceptor acceptor;
    private final Gates gates;
    private final int configuredPort;
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
            long diskReserveBytes,
            Limits limits) {}

    /** What no party and no stranger may take more of than its share. */
    private record Gates(Connections connections, MessageRate messages) {}

    private EmbeddedBroker(
            ActiveMQServer server,
            PartyRegister register,
            Sessions sessions,
            KeyStores stores,
            NettyAcceptor acceptor,
            Gates gates,
            int configuredPort) {
        this.server = server;
        this.register = register;
        this.sessions = sessions;
        this.stores = stores;
        this.acceptor = acceptor;
        this.gates = gates;
        this.configuredPort = configuredPort;
        this.port = acceptor.getActualPort();
    }

    /** @throws FedbiomedException when the port is taken or the broker's files cannot be used */
    public static EmbeddedBroker start(
            Settings settings,
            ServerIdentity identity,
            PartyRegister register,
            SecureRandom random,
            AuditTally audit,
            Clock clock) {
        requireFree(settings.bind(), settings.port());
        var topics = new TopicAccess((role, party) -> register.lastAccess().has(role, party));
        register.access();
        try {
            Files.createDirectories(settings.folder());
            var stores = KeyStores.write(settings.folder(), identity, random);
            var server = new PagedServer(
                    ArtemisConfiguration.of(settings, stores), new CertificateSecurity(register, topics));
            var fullInbox = new FullInbox(clock);
            server.registerBrokerPlugin(fullInbox);
            server.registerBrokerPlugin(new ReceiveMaximum());
            // before it listens: no connection is without them
            var gates = new Gates(
                    new Connections(settings.limits()),
                    new MessageRate(settings.limits().messagesPerMinute()));
            var services = server.getServiceRegistry();
            services.addAcceptorFactory(
                    ArtemisConfiguration.ACCEPTOR,
                    new GuardedAcceptor.Factory(
                            gates.connections(), settings.limits().strangers().handshake()));
            services.addOutgoingInterceptor(new DeliveryOrder());
            services.addOutgoingInterceptor(fullInbox);
            services.addOutgoingInterceptor(new ConnectionAudit(audit));
            services.addIncomingInterceptor(new PacketGuard(
                    register,
                    topics,
                    new ConnectionAudit(audit),
                    gates.messages(),
                    (party, clientId) -> Sessions.hasRoom(server, party, clientId),
                    (int) Math.min(settings.sessionExpiry().toSeconds(), Sessions.LONGEST_SECONDS),
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
            return new EmbeddedBroker(
                    server, register, new Sessions(server, clock), stores, acceptor, gates, settings.port());
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

    @Override
    public long refusedConnections() {
        return gates.connections().refused();
    }

    @Override
    public long pauses() {
        return gates.messages().pauses();
    }

    /** Ends the connections of revoked certificates, and forgets revoked parties' sessions and presence. */
    @Override
    public void registerChanged() {
        register.access();
        endOutdated();
        for (var party : register.revokedParties()) {
            sessions.forgetParty(party.value());
        }
    }

    @Override
    public void endExpired() {
        endOutdated();
        sessions.forgetRestored();
    }

    private void endOutdated() {
        for (var connection : server.getRemotingService().getConnections()) {
            CertificateSecurity.certificate(connection)
                    .filter(certificate -> !register.lastHeld(certificate))
                    .ifPresent(certificate -> {
                        if (register.knows(certificate)) {
                            connection.fail(new ActiveMQException("the certificate has expired"));
                        } else {
                            sessions.endRevoked(connection);
                        }
                    });
        }
    }

    @Override
    public void renew(ServerIdentity identity) {
        try {
            stores.write(identity);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL, "the broker's new certificate cannot be written: " + e.getMessage(), e);
        }
        if (configuredPort == 0) {
            LOG.warn("the broker, on any free port, shows its new certificate from the next start on");
        } else {
            // listens anew: on the same port only if it has one
            acceptor.reload();
        }
    }

    @Override
    public void close() {
        try {
            sessions.endConnections();
            server.stop();
        } catch (Exception e) {
            throw new FedbiomedException(ErrorCode.INTERNAL, "the MQTT broker did not stop cleanly", e);
        }
    }
}
