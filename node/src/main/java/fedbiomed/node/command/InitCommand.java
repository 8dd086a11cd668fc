package fedbiomed.node.command;

import fedbiomed.node.NodeSetup;
import fedbiomed.protocol.command.FedbiomedCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "init", description = "Makes this node: enrols with the Network and makes its keys.")
final class InitCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Option(
            names = "--invite",
            required = true,
            paramLabel = "TOKEN",
            description = "The invitation, as 'fedbiomed network invite node NAME' printed it.")
    @SuppressWarnings("NullAway.Init") // picocli's
    String token;

    @Override
    protected void run() {
        var identity = NodeSetup.init(at.path(), token, clock());
        var out = out();
        out.println("node '" + identity.party() + "' is enrolled; its home is "
                + at.path().toAbsolutePath().normalize());
        out.println("fingerprint: " + identity.keys().fingerprint());
        out.println();
        out.println("Next:");
        out.println("  tell the researchers this fingerprint by phone or in person; they run");
        out.println("      fedbiomed researcher node trust " + identity.party() + " "
                + identity.keys().fingerprint());
        out.println("  fedbiomed node start                                    connect to the Network");
        out.println("  fedbiomed node dataset add FILE --name NAME --tags TAG  share a dataset");
        out.println("  fedbiomed node researcher trust NAME FINGERPRINT        trust a researcher");
        out.println("  fedbiomed node plan list                                review training plans");
    }
}
