package fedbiomed.network.broker;

import fedbiomed.network.enrolment.ServerIdentity;

/** The MQTT broker of a federation. */
public interface Broker extends AutoCloseable {
    /** The port that parties connect to. */
    int port();

    /** Parties that are connected now; -1 where that is not known. */
    int connections();

    /** Connections that were closed for being too many, so far; 0 where the broker does not tell. */
    default long refusedConnections() {
        return 0;
    }

    /** How often a party that sent too fast was read more slowly, so far; 0 where the broker does not tell. */
    default long pauses() {
        return 0;
    }

    /** Ends connections whose certificate has expired meanwhile, and sessions that an earlier run left; called often. */
    void endExpired();

    /** Goes on with the Network's new certificate, and keeps the connections that there are. */
    void renew(ServerIdentity identity);

    /** Acts on what has changed in the register: enrolments, revocations. */
    void registerChanged();

    @Override
    void close();
}
