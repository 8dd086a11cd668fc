package fedbiomed.researcher.command;

import fedbiomed.protocol.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "fingerprint",
        description = "Prints this researcher's fingerprint, for data managers to compare.",
        mixinStandardHelpOptions = true)
final class FingerprintCommand extends ExplainedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Override
    void run() {
        out().println(Identity.load(at.path()).keys().fingerprint());
    }
}
