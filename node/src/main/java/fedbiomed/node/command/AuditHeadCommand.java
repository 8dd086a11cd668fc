package fedbiomed.node.command;

import fedbiomed.protocol.command.FedbiomedCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "head",
        description = {
            "Print where the audit log ends now, to be noted down outside this machine.",
            "'audit verify --head' finds out later whether what stood before it was cut or written anew."
        })
final class AuditHeadCommand extends FedbiomedCommand {
    @Mixin
    HomeOption at = new HomeOption();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    protected void run() {
        var head = at.audit(clock()).head();
        if (json) {
            printJson(head);
        } else {
            out().println(head);
        }
    }
}
