package fedbiomed.researcher.command;

import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.identity.TrustedParties;
import fedbiomed.researcher.AuditHeads;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "trust",
        description = "Trust a node whose fingerprint you have compared with its data manager, by phone or in person.")
final class NodeTrustCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(index = "0", paramLabel = "NAME", description = "The node's name in the federation.")
    String name = "";

    @Parameters(index = "1", paramLabel = "FINGERPRINT", description = "As its data manager reads it out.")
    String typed = "";

    @Override
    protected void run() {
        var node = PartyId.of(name);
        var fingerprint = Fingerprint.parse(typed);
        var trusted = new TrustedParties(at.existing(), Clock.systemUTC());
        var entry = trusted.entries().get(node);
        if (entry != null && entry.seen() != null && !entry.seen().fingerprint().equals(fingerprint)) {
            throw new FedbiomedException(
                    ErrorCode.UNTRUSTED_SENDER,
                    "node '" + node + "' shows the fingerprint " + entry.seen().fingerprint() + ", not " + fingerprint
                            + ". Have it read out again; if it stays different, trust neither: someone may stand between you");
        }
        trusted.trust(node, fingerprint);
        new AuditHeads(at.existing()).forget(node);
        out().println("Node '" + node + "' is trusted with the fingerprint " + fingerprint + ".");
    }
}
