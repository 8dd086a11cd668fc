package fedbiomed.node;

import fedbiomed.node.round.Bubblewrap;
import fedbiomed.node.round.SandboxKind;

/** The sandbox that tests can have on this machine. */
public final class Sandboxes {
    /** Bubblewrap, or the JVM alone where there is none: tests of what only bubblewrap stops are skipped then. */
    public static final SandboxKind HERE =
            Bubblewrap.obstacle().isEmpty() ? SandboxKind.BUBBLEWRAP : SandboxKind.JVM_ONLY;

    private Sandboxes() {}
}
