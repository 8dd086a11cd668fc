package fedbiomed.network.limit;

import fedbiomed.protocol.home.Explained;
import java.time.Duration;

/**
 * What one party may take of the Network, and those who have shown no certificate. For a party, what is over a rate is
 * slowed down or asked to come later; nobody else notices.
 */
public record Limits(
        @Explained("Open connections of one party, at the broker and at the store each; more are closed at once.")
        int connections,

        @Explained(
                "Open connections of all parties together, at the broker and at the store each; more wait, or are closed.\n"
                        + "Each is an open file of this process: see 'ulimit -n'.")
        int allConnections,

        @Explained("MQTT messages that one party sends a minute; what comes faster is read more slowly.")
        int messagesPerMinute,

        @Explained("HTTP requests of one party a minute; more are answered 429 with the time to wait.")
        int requestsPerMinute,

        @Explained("Those who have shown no certificate (yet): enrolment, health, and every handshake.")
        Strangers strangers) {

    public record Strangers(
            @Explained("Open connections of all of them, at the broker and at the store each.")
            int connections,

            @Explained("Open connections from one address; the parties of a hospital may share one.")
            int connectionsPerAddress,

            @Explained("HTTP requests of all of them a minute.")
            int requestsPerMinute,

            @Explained("HTTP requests from one address a minute.")
            int requestsPerMinutePerAddress,

            @Explained("A connection whose TLS handshake, or then MQTT CONNECT, takes longer is closed.")
            Duration handshake) {
        public Strangers {
            requirePositive("strangers.connections", connections);
            requirePositive("strangers.connections_per_address", connectionsPerAddress);
            requirePositive("strangers.requests_per_minute", requestsPerMinute);
            requirePositive("strangers.requests_per_minute_per_address", requestsPerMinutePerAddress);
            if (handshake.compareTo(Duration.ofSeconds(1)) < 0 || handshake.compareTo(Duration.ofMinutes(10)) > 0) {
                throw new IllegalArgumentException("limits.strangers.handshake is 1s to 10m, not " + handshake);
            }
        }
    }

    /** Room for a researcher who asks a hundred nodes for many short rounds; a tenth of what the broker can do. */
    public static final Limits DEFAULTS =
            new Limits(64, 2_000, 60_000, 30_000, new Strangers(1_000, 64, 6_000, 600, Duration.ofSeconds(10)));

    /** With the usual number of connections of all parties. */
    public Limits(int connections, int messagesPerMinute, int requestsPerMinute, Strangers strangers) {
        this(connections, DEFAULTS.allConnections, messagesPerMinute, requestsPerMinute, strangers);
    }

    public Limits {
        requirePositive("connections", connections);
        requirePositive("all_connections", allConnections);
        requirePositive("messages_per_minute", messagesPerMinute);
        requirePositive("requests_per_minute", requestsPerMinute);
    }

    private static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("limits." + key + " is 1 or more, not " + value);
        }
    }
}
