package fedbiomed.node;

import fedbiomed.node.state.NodeDatabase;
import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.home.HomeConfig;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.Invitation;
import fedbiomed.protocol.transport.TransportIdentity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** A node's home folder: made once with an invitation. */
public final class NodeSetup {
    public static final String HOME_VARIABLE = "FEDBIOMED_NODE_HOME";
    private static final String DEFAULT_HOME = "node";

    private NodeSetup() {}

    /** {@value #HOME_VARIABLE} if it is set, else the folder {@code node} where the command runs. */
    public static Path defaultHome(Map<String, String> environment) {
        return Path.of(environment.getOrDefault(HOME_VARIABLE, DEFAULT_HOME));
    }

    /**
     * Enrols with the Network, makes the party's keys, writes the settings' defaults and an empty state.
     *
     * @param token as {@code network invite node NAME} printed it
     * @throws FedbiomedException for a bad invitation, one for a researcher, a Network that refuses, or a home that is a
     *     node's already
     */
    public static Identity init(Path home, String token, Clock clock) {
        var invitation = Invitation.parse(token, clock);
        if (invitation.role() != Role.NODE) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "the invitation is for the " + invitation.role().lower() + " '" + invitation.party()
                            + "'; a node needs one made with 'fedbiomed network invite node NAME'");
        }
        if (TransportIdentity.exists(home) && Files.exists(home.resolve(Identity.FILE))) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    home + " is a node's home already ('" + Identity.load(home).party()
                            + "'); choose another folder with --home");
        }
        try {
            AtomicFiles.createOwnerOnlyFolder(home);
            EnrolmentClient.enrol(invitation, home, clock);
            // keys that are there already are of an init that was broken off: nobody has seen them yet
            var identity = Files.exists(home.resolve(Identity.FILE))
                    ? Identity.load(home)
                    : Identity.create(invitation.party(), home);
            if (!identity.party().equals(invitation.party())) {
                throw new FedbiomedException(
                        ErrorCode.POLICY,
                        home + " holds the keys of '" + identity.party() + "', the invitation is for '"
                                + invitation.party() + "'; choose another folder with --home");
            }
            if (!Files.exists(home.resolve(HomeConfig.FILE))) {
                NodeConfig.file().write(home, NodeConfig.DEFAULTS);
            }
            NodeDatabase.open(home).close();
            return identity;
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL, "cannot write the node's home " + home + " (" + e + ")", e);
        }
    }

    /** @throws FedbiomedException if {@code home} is not a node's */
    public static Path requireHome(Path home) {
        if (!Files.exists(home.resolve(Identity.FILE))) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "there is no node in " + home.toAbsolutePath().normalize()
                            + "; make one with 'fedbiomed node init --invite TOKEN', or say where it is with --home or "
                            + HOME_VARIABLE);
        }
        return home;
    }
}
