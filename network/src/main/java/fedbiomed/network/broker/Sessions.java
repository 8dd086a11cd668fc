package fedbiomed.network.broker;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Predicate;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTSessionState;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTStateManager;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;

/** The broker's MQTT sessions, as far as they are ended by other than their clients. */
final class Sessions {
    /** Artemis 2.55 reckons a session's time in milliseconds and an int: more, and it would be over at once. */
    static final int LONGEST_SECONDS = Integer.MAX_VALUE / 1000;
    /** What Artemis has stored of a session does not tell its expiry: no party of ours asks for more than this. */
    private static final Duration RESTORED = Duration.ofHours(1);

    /**
     * Most sessions of one party at a time. Each costs queues, and a copy of what comes to the inbox; what a program of a
     * researcher leaves when it is killed lasts an hour.
     */
    static final int MOST_OF_A_PARTY = 64;

    private static final long BETWEEN_LOOKS_MILLIS = 10;
    private static final int QUIET_LOOKS = 5;
    private static final int MOST_LOOKS = 200;

    private final ActiveMQServer server;
    private final MQTTStateManager states;
    private final Clock clock;
    private final Instant started;
    /** Client ids of sessions that were stored when an earlier run ended, and that nobody has taken up yet. */
    private final Set<String> restored;

    /** Of a broker that has just started. */
    Sessions(ActiveMQServer server, Clock clock) throws Exception {
        this.server = server;
        this.states = MQTTStateManager.getInstance(server);
        this.clock = clock;
        this.started = clock.instant();
        this.restored = new TreeSet<>(states.getSessionStates().keySet());
    }

    /** Whether {@code clientId} has a session already, or its party may begin another. */
    static boolean hasRoom(ActiveMQServer server, String party, String clientId) {
        try {
            var ids = MQTTStateManager.getInstance(server).getSessionStates().keySet();
            return ids.contains(clientId)
                    || ids.stream().filter(id -> isOf(party, id)).count() < MOST_OF_A_PARTY;
        } catch (Exception e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL, "the broker's sessions cannot be counted: " + e.getMessage(), e);
        }
    }

    private static boolean isOf(String party, String clientId) {
        return clientId.equals(party) || clientId.startsWith(party + "_");
    }

    /**
     * Forgets those that an earlier run left and nobody took up within the hour. Researchers' programs have a client id
     * each, so that theirs are never taken up: what is sent to a researcher would be kept for each of them, for ever.
     */
    synchronized void forgetRestored() {
        if (restored.isEmpty() || clock.instant().isBefore(started.plus(RESTORED))) {
            return;
        }
        for (var clientId : restored) {
            var state = states.getSessionStates().get(clientId);
            if (state != null && isUntouched(state)) {
                forget(clientId::equals);
            }
        }
        restored.clear();
    }

    private static boolean isUntouched(MQTTSessionState state) {
        return !state.isAttached() && state.getDisconnectedTime() == 0;
    }

    /** Forgets the sessions of a party that was revoked, and its presence. */
    void forgetParty(String party) {
        forget(clientId -> isOf(party, clientId));
        deleteQueues(SimpleString.of("$sys.mqtt.retain.fedbiomed.v1.presence." + party)::equals);
    }

    private void forget(Predicate<String> clientIds) {
        try {
            for (var clientId : states.getSessionStates().keySet()) {
                if (clientIds.test(clientId)) {
                    states.removeSessionState(clientId);
                }
            }
        } catch (Exception e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL, "a session at the broker cannot be removed: " + e.getMessage(), e);
        }
        deleteQueues(name -> {
            int end = name.toString().indexOf(".fedbiomed.v1.");
            return end > 0 && clientIds.test(name.toString().substring(0, end));
        });
    }

    private void deleteQueues(Predicate<SimpleString> names) {
        try {
            for (var name : server.getPostOffice()
                    .getAllBindings()
                    .map(binding -> binding.getUniqueName())
                    .filter(names)
                    .toList()) {
                var queue = server.locateQueue(name);
                if (queue != null && queue.getConsumerCount() == 0) {
                    queue.deleteQueue();
                }
            }
        } catch (Exception e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "what waits in a session at the broker cannot be removed: " + e.getMessage(),
                    e);
        }
    }

    /** Ends the connection of a party that was revoked: its last will is not published. */
    void endRevoked(RemotingConnection connection) {
        var state = connection.getClientID() == null
                ? null
                : states.getSessionStates().get(connection.getClientID());
        if (state != null) {
            state.setWill(false);
        }
        connection.fail(new ActiveMQException("the certificate was revoked"));
    }

    /**
     * Ends all connections and keeps all sessions: a Network that is stopped leaves its parties as one that was killed.
     * What ends with a connection (the session of a node, its last will) Artemis would clear up after its journal is
     * closed, and complain.
     */
    void endConnections() throws Exception {
        server.getRemotingService().pauseAcceptors();
        for (var connection : server.getRemotingService().getConnections()) {
            if (connection.getClientID() != null) {
                var state = states.getSessionState(connection.getClientID());
                state.setWill(false);
                state.setClientSessionExpiryInterval(LONGEST_SECONDS);
            }
            connection.fail(new ActiveMQException("the Network stops"));
        }
        awaitQuiet();
    }

    /** Until what clients that went by themselves have left behind is cleared up too, as far as that can be seen. */
    private void awaitQuiet() throws InterruptedException {
        if (!(server.getThreadPool() instanceof ThreadPoolExecutor threads)) {
            return;
        }
        int quiet = 0;
        for (int look = 0; look < MOST_LOOKS && quiet < QUIET_LOOKS; look++) {
            quiet = threads.getActiveCount() == 0 ? quiet + 1 : 0;
            Thread.sleep(BETWEEN_LOOKS_MILLIS);
        }
    }
}
