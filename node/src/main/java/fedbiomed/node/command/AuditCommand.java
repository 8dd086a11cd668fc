package fedbiomed.node.command;

import picocli.CommandLine.Command;

@Command(
        name = "audit",
        description = "The log of what happened at this node: requests, decisions, and how much left it.",
        subcommands = {AuditVerifyCommand.class, AuditExportCommand.class, AuditHeadCommand.class})
final class AuditCommand {}
