package fedbiomed.node.command;

import fedbiomed.node.NodeSetup;
import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.command.InvitationOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "init", description = "Make a node's home: its keys, and a certificate from the Network.")
final class InitCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Mixin
    InvitationOption invitation = new InvitationOption();

    @Override
    protected void run() {
        var identity = NodeSetup.init(at.path(), invitation.token(), clock());
        var fingerprint = identity.keys().fingerprint();
        out().println("Node '" + identity.party() + "' is enrolled; its home is " + at.path() + ".");
        out().println("Its fingerprint is " + fingerprint);
        out().println();
        out().println("Read the fingerprint out to the researchers, by phone or in person. They run:");
        out().println("  fedbiomed researcher node trust " + identity.party() + " " + fingerprint);
        out().println();
        out().println("Next, here:");
        out().println("  fedbiomed node dataset add FILE --name NAME --tags TAG" + at.repeated());
        out().println("  fedbiomed node researcher trust NAME FINGERPRINT" + at.repeated());
        out().println("  fedbiomed node start" + at.repeated());
        out().println("and when a researcher has sent a training plan:");
        out().println("  fedbiomed node plan list" + at.repeated());
    }
}
