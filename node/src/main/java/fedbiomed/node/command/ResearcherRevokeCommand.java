package fedbiomed.node.command;

import fedbiomed.node.AuditedTrust;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.vocabulary.PartyId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "revoke", description = "Withdraw the trust in a researcher; what runs for them is ended.")
final class ResearcherRevokeCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(paramLabel = "NAME", description = "The researcher's name in the federation.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String name;

    @Override
    protected void run() {
        var party = PartyId.of(name);
        AuditedTrust.of(at.existing(), clock()).revoke(party);
        out().println("Researcher '" + party + "' is not trusted any more; nothing is done for them.");
    }
}
