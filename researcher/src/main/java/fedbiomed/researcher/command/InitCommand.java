package fedbiomed.researcher.command;

import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.command.InvitationOption;
import fedbiomed.researcher.ResearcherSetup;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "init", description = "Make a researcher's home: its keys, and a certificate from the Network.")
final class InitCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Mixin
    InvitationOption invitation = new InvitationOption();

    @Override
    protected void run() {
        var identity = ResearcherSetup.init(at.path(), invitation.token(), Clock.systemUTC());
        var fingerprint = identity.keys().fingerprint();
        out().println("Researcher '" + identity.party() + "' is enrolled; their home is " + at.path() + ".");
        out().println("Their fingerprint is " + fingerprint);
        out().println();
        out().println("Read the fingerprint out to the nodes' data managers, by phone or in person. They run:");
        out().println("  fedbiomed node researcher trust " + identity.party() + " " + fingerprint);
        out().println();
        out().println("Next, here:");
        out().println("  fedbiomed researcher node list" + at.repeated());
        out().println("  fedbiomed researcher node trust NAME FINGERPRINT" + at.repeated());
        out().println("  fedbiomed datasets" + at.repeated());
        out().println("  fedbiomed run experiment.yaml" + at.repeated());
    }
}
