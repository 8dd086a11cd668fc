package fedbiomed.network.command;

import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.command.AuditExportCommand;
import fedbiomed.protocol.command.AuditHeadCommand;
import fedbiomed.protocol.command.AuditVerifyCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "audit",
        description =
                "The log of what happened at this Network: parties, certificates, connections, entries of the store.",
        subcommands = {AuditCommand.Verify.class, AuditCommand.Export.class, AuditCommand.Head.class})
final class AuditCommand {
    @Command(name = "verify")
    static final class Verify extends AuditVerifyCommand {
        @Mixin
        HomeOption at = new HomeOption();

        @Override
        protected AuditLog audit() {
            return at.audit(clock());
        }
    }

    @Command(name = "export")
    static final class Export extends AuditExportCommand {
        @Mixin
        HomeOption at = new HomeOption();

        @Override
        protected AuditLog audit() {
            return at.audit(clock());
        }
    }

    @Command(name = "head")
    static final class Head extends AuditHeadCommand {
        @Mixin
        HomeOption at = new HomeOption();

        @Override
        protected AuditLog audit() {
            return at.audit(clock());
        }
    }
}
