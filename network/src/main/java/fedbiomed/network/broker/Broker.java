package fedbiomed.network.broker;

/** The MQTT broker of a federation. */
public interface Broker extends AutoCloseable {
    /** The port that parties connect to. */
    int port();

    /** Parties that are connected now; -1 where that is not known. */
    int connections();

    /** Acts on what has changed in the register: enrolments, revocations. */
    void registerChanged();

    @Override
    void close();
}
