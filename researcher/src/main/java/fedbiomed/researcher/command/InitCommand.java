package fedbiomed.researcher.command;

import fedbiomed.protocol.command.FedbiomedCommand;
import fedbiomed.researcher.ResearcherSetup;
import java.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "init", description = "Makes a researcher's home: keys, and a certificate from the Network.")
final class InitCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Option(
            names = "--invite",
            required = true,
            paramLabel = "TOKEN",
            description = "What 'fedbiomed network invite researcher NAME' printed.")
    String token = "";

    @Override
    protected void run() {
        var identity = ResearcherSetup.init(at.path(), token, Clock.systemUTC());
        out().println("Researcher '" + identity.party() + "' is set up in " + at.path() + ".");
        out().println("Its fingerprint is " + identity.keys().fingerprint());
        out().println("Read it out to each data manager, who then runs 'fedbiomed node researcher trust "
                + identity.party() + " " + identity.keys().fingerprint() + "'.");
        out().println(
                        "Next: 'fedbiomed researcher node list' shows the nodes' fingerprints; compare and trust them too.");
    }
}
