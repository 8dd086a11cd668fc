package fedbiomed.researcher;

import fedbiomed.protocol.home.AtomicFiles;
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

/** Makes a researcher's home: keys, a certificate from the Network, {@code config.yaml}. */
public final class ResearcherSetup {
    private ResearcherSetup() {}

    /**
     * Enrols with an invitation and makes the party's keys. What a broken attempt left (keys, say) is used again.
     *
     * @param token from {@code fedbiomed network invite researcher NAME}
     * @throws FedbiomedException if the token is not a researcher's, not valid any more, or the Network cannot be reached
     */
    public static Identity init(Path home, String token, Clock clock) {
        var invitation = Invitation.parse(token, clock);
        if (invitation.role() != Role.RESEARCHER) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "this invitation is for the " + invitation.role().lower() + " '" + invitation.party()
                            + "', not for a researcher; use 'fedbiomed "
                            + invitation.role().lower()
                            + " init', or ask for 'fedbiomed network invite researcher NAME'");
        }
        try {
            AtomicFiles.createOwnerOnlyFolder(home);
            var identity = Files.exists(home.resolve(Identity.FILE))
                    ? Identity.load(home)
                    : Identity.create(invitation.party(), home);
            if (!identity.party().equals(invitation.party())) {
                throw new FedbiomedException(
                        ErrorCode.POLICY,
                        home + " is the home of '" + identity.party() + "', and the invitation is for '"
                                + invitation.party() + "'; choose another home with --home");
            }
            if (!TransportIdentity.exists(home)) {
                EnrolmentClient.enrol(invitation, home, clock);
            }
            if (!Files.exists(home.resolve("config.yaml"))) {
                ResearcherConfig.file().write(home, ResearcherConfig.DEFAULT);
            }
            return identity;
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot write " + home + " (" + e.getClass().getSimpleName() + "); choose another home with --home",
                    e);
        }
    }
}
