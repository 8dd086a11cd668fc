package fedbiomed.node;

import fedbiomed.node.policy.PolicyFile;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.party.PartyHome;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** Makes a node's home. */
public final class NodeSetup {
    private NodeSetup() {}

    /**
     * As {@link PartyHome#init}, and an empty state and the usual policy where there are none.
     *
     * @param token as {@code network invite node NAME} printed it
     * @throws FedbiomedException for a bad invitation, one for a researcher, a Network that refuses, or a home that is
     *     another node's already
     */
    public static Identity init(Path home, String token, Clock clock) {
        var identity = PartyHome.ofNode(home).init(token, NodeConfig.file(), NodeConfig.DEFAULTS, clock);
        NodeDatabase.open(home).close();
        try {
            PolicyFile.writeDefaults(home);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot write " + home.resolve(PolicyFile.FILE) + " (" + e
                            + "); check the folder's permissions and space",
                    e);
        }
        return identity;
    }
}
