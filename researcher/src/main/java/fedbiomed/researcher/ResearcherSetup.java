package fedbiomed.researcher;

import fedbiomed.protocol.identity.Identity;
import fedbiomed.protocol.party.PartyHome;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;
import java.time.Clock;

/** Makes a researcher's home. */
public final class ResearcherSetup {
    private ResearcherSetup() {}

    /**
     * As {@link PartyHome#init}.
     *
     * @param token from {@code fedbiomed network invite researcher NAME}
     * @throws FedbiomedException if the token is not a researcher's, not valid any more, or the Network cannot be reached
     */
    public static Identity init(Path home, String token, Clock clock) {
        return PartyHome.ofResearcher(home).init(token, ResearcherConfig.file(), ResearcherConfig.DEFAULT, clock);
    }
}
