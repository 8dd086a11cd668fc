package fedbiomed.node.policy;

import fedbiomed.vocabulary.FedbiomedException;
import org.jspecify.annotations.Nullable;

/** Where a node's policy is read: its {@link PolicyFile}, or what a program says. */
public interface PolicySource {
    /**
     * What holds now.
     *
     * @throws FedbiomedException if it cannot be read; its text may be sent
     */
    Policy current();

    /** Why it cannot be read, for the people at this node; {@code null} if it can. */
    default @Nullable String problem() {
        return null;
    }
}
