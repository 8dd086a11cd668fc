package fedbiomed.node.round;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What stands between a plan and the machine, besides the check of its bytecode. */
public enum SandboxKind {
    /** No network, no files but the worker's own, no other processes ({@link Bubblewrap}); nothing runs where it is missing. */
    @JsonProperty("bubblewrap")
    BUBBLEWRAP,
    /** A process of its own with limits, but with the node's rights to files and network: only by the data manager's word. */
    @JsonProperty("jvm-only")
    JVM_ONLY
}
