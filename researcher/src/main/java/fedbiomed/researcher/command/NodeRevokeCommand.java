package fedbiomed.researcher.command;

import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.vocabulary.PartyId;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "revoke", description = "Withdraw the trust in a node: nothing but searches is sent to it any more.")
final class NodeRevokeCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(index = "0", paramLabel = "NAME", description = "The node's name in the federation.")
    String name = "";

    @Override
    protected void run() {
        new TrustedParties(at.existing(), Clock.systemUTC()).revoke(PartyId.of(name));
        out().println("Node '" + name + "' is not trusted any more.");
    }
}
