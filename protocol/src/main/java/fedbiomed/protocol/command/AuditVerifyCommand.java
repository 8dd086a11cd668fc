package fedbiomed.protocol.command;

import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.audit.AuditVerification;
import fedbiomed.protocol.message.AuditHead;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code audit verify} of any party that has a log. */
@Command(
        name = "verify",
        description = {
            "Look whether the audit log is as it was written: finds a line that was edited, dropped or reordered.",
            "That its end was cut off, or all of it written anew, shows beside a head that was noted before (--head):"
                    + " from 'audit head', or from another party, which keeps the last that it was told."
        },
        exitCodeList = {
            ExitCodes.DONE_TEXT,
            "1:the log is not as it was written, or cannot be read",
            ExitCodes.USAGE_TEXT
        })
public abstract class AuditVerifyCommand extends FedbiomedCommand {
    /** The log of the home that the command line names. */
    protected abstract AuditLog audit();

    @Option(names = "--head", paramLabel = "SEQ:HASH", description = "A head that was noted before, to compare with.")
    @Nullable
    String head;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    record Shown(boolean intact, long lines, AuditHead head, AuditVerification.@Nullable Fault fault) {}

    @Override
    protected void run() {
        var known = head == null ? AuditHead.EMPTY : AuditHead.parse(head);
        var found = audit().verify(known);
        var fault = found.fault();
        if (json) {
            printJson(new Shown(fault == null, found.head().sequence(), found.head(), fault));
        }
        if (fault != null) {
            throw new CommandFailed(
                    ExitCodes.FAILED,
                    "the audit log is not as it was written: " + fault.text()
                            + ". Keep the log's files as they are for those who look into it, and compare them with a backup");
        }
        if (!json) {
            out().println("The audit log is as it was written: " + found.head().sequence() + " lines, head "
                    + found.head() + ".");
        }
        if (found.tornBytes() > 0) {
            note("Behind the last line stand " + found.tornBytes()
                    + " bytes of one that was not finished when the program was killed; the next line replaces them.");
        }
    }
}
