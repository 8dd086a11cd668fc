package fedbiomed.node.command;

import fedbiomed.node.AuditedTrust;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.identity.TrustState;
import fedbiomed.vocabulary.PartyId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "trust",
        description = "Trust a researcher whose fingerprint you have compared with them, by phone or in person.")
final class ResearcherTrustCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Parameters(index = "0", paramLabel = "NAME", description = "The researcher's name in the federation.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String name;

    @Parameters(index = "1", paramLabel = "FINGERPRINT", description = "As the researcher reads it out.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String fingerprint;

    @Override
    protected void run() {
        var party = PartyId.of(name);
        var trusted = AuditedTrust.of(at.existing(), clock());
        trusted.trust(party, Fingerprint.parse(fingerprint));
        out().println("Researcher '" + party + "' is trusted with the fingerprint " + Fingerprint.parse(fingerprint)
                + ".");
        var entry = trusted.entries().get(party);
        var seen = entry == null ? null : entry.seen();
        if (entry != null && seen != null && entry.state() == TrustState.KEY_CHANGED) {
            note("WARNING: what has come in this name so far was signed with other keys, " + seen.fingerprint()
                    + ". It is refused.");
        }
    }
}
