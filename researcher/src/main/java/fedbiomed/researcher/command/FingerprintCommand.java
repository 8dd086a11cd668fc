package fedbiomed.researcher.command;

import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.protocol.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "fingerprint", description = "Print this researcher's fingerprint, for data managers to compare.")
final class FingerprintCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Override
    protected void run() {
        out().println(Identity.load(at.existing()).keys().fingerprint());
    }
}
