package fedbiomed.protocol.party;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.home.HomeConfig;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.transport.EnrolmentClient;
import fedbiomed.protocol.transport.Invitation;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/** The home folder of a node or a researcher. */
public record PartyHome(Role role, Path path) {
    public static PartyHome ofNode(Path path) {
        return new PartyHome(Role.NODE, path);
    }

    public static PartyHome ofResearcher(Path path) {
        return new PartyHome(Role.RESEARCHER, path);
    }

    /**
     * Enrols with the Network and makes what the home lacks: keys, settings. Keys that are there are kept, so that a party
     * whose certificate has expired or was revoked comes back as itself with a new invitation.
     *
     * @param token as {@code network invite ROLE NAME} printed it
     * @param settings written where there is no {@code config.yaml} yet
     * @throws FedbiomedException for an invitation that is bad or for another party, or a Network that refuses; the
     *     invitation is not used up then
     */
    public <T extends Record> Identity init(String token, HomeConfig<T> settings, T defaults, Clock clock) {
        var invitation = Invitation.parse(token, clock);
        if (invitation.role() != role) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "the invitation is for the " + invitation.role().lower() + " '" + invitation.party()
                            + "', not for a "
                            + role.lower() + "; use it with 'fedbiomed "
                            + invitation.role().lower() + " init', or ask for one made with 'fedbiomed network invite "
                            + role.lower() + " NAME'");
        }
        var keys = path.resolve(Identity.FILE);
        if (Files.exists(keys)) {
            var party = Identity.load(path).party();
            if (!party.equals(invitation.party())) {
                throw new FedbiomedException(
                        ErrorCode.POLICY,
                        path + " is the home of '" + party + "', and the invitation is for '" + invitation.party()
                                + "'; choose another folder with --home");
            }
        }
        try {
            AtomicFiles.createOwnerOnlyFolder(path);
            EnrolmentClient.enrol(invitation, path, clock);
            var identity = Files.exists(keys) ? Identity.load(path) : Identity.create(invitation.party(), path);
            if (!Files.exists(path.resolve(HomeConfig.FILE))) {
                settings.write(path, defaults);
            }
            return identity;
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot write the " + role.lower() + "'s home " + path + " (" + e
                            + "); choose another folder with --home",
                    e);
        }
    }

    /**
     * The path of a home that {@link #init} made.
     *
     * @throws FedbiomedException if it did not
     */
    public Path require() {
        if (!Files.exists(path.resolve(Identity.FILE))) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "there is no " + role.lower() + " in "
                            + path.toAbsolutePath().normalize() + "; make one with 'fedbiomed " + role.lower()
                            + " init --home " + path + "' and an invitation, or say where it is with --home");
        }
        return path;
    }
}
