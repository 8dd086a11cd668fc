package fedbiomed.node.command;

import picocli.CommandLine.Command;

@Command(
        name = "audit",
        description = "The log of what happened at this node: every request, decision, dataset and byte that left.",
        subcommands = {AuditVerifyCommand.class, AuditExportCommand.class, AuditHeadCommand.class})
final class AuditCommand {}
