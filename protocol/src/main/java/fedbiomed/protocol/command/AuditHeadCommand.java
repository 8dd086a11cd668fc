package fedbiomed.protocol.command;

import fedbiomed.protocol.audit.AuditLog;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code audit head} of any party that has a log. */
@Command(
        name = "head",
        description = {
            "Print where the audit log ends now, to be noted down outside this machine.",
            "'audit verify --head' finds out later whether what stood before it was cut or written anew."
        })
public abstract class AuditHeadCommand extends FedbiomedCommand {
    /** The log of the home that the command line names. */
    protected abstract AuditLog audit();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    @Override
    protected void run() {
        var head = audit().head();
        if (json) {
            printJson(head);
        } else {
            out().println(head);
        }
    }
}
