package fedbiomed.network;

/** The ports that the running (or last) Network of a home listens on, for commands in other processes. */
record RunningPorts(int storePort, int mqttPort) {
    static final String FILE = "ports.json";
}
