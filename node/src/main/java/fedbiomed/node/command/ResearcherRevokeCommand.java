package fedbiomed.node.command;

import fedbiomed.node.NodeSetup;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.vocabulary.PartyId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "revoke",
        description = "Withdraws the trust in a researcher; what runs for them is ended.",
        mixinStandardHelpOptions = true)
final class ResearcherRevokeCommand extends HomeCommand {
    @Parameters(paramLabel = "NAME", description = "The researcher's name in the federation.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String name;

    @Override
    void run() {
        var party = PartyId.of(name);
        new TrustedParties(NodeSetup.requireHome(home()), clock()).revoke(party);
        out().println("researcher '" + party + "' is no longer trusted; nothing is done for them any more");
    }
}
