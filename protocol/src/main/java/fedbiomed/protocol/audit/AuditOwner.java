package fedbiomed.protocol.audit;

/** Whose log it is, and what is said of it in errors. */
public enum AuditOwner {
    NODE("the node", "its data manager", "fedbiomed node"),
    NETWORK("the Network", "its administrator", "fedbiomed network");

    final String name;
    final String person;
    final String command;

    AuditOwner(String name, String person, String command) {
        this.name = name;
        this.person = person;
        this.command = command;
    }
}
