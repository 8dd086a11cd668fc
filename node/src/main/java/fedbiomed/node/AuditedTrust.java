package fedbiomed.node;

import fedbiomed.protocol.audit.AuditEvent;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.identity.TrustedParties;
import java.nio.file.Path;
import java.time.Clock;

/** The researchers whom a node trusts, with each decision on them in its audit log. */
public final class AuditedTrust {
    private AuditedTrust() {}

    public static TrustedParties of(Path home, Clock clock) {
        var audit = AuditLog.ofNode(home, clock);
        return new TrustedParties(home, clock, (party, fingerprint) -> {
            if (fingerprint == null) {
                audit.appendNowOrLater(AuditEvent.byOperator(AuditKind.RESEARCHER_REVOKED)
                        .party(party)
                        .build());
            } else {
                audit.append(AuditEvent.byOperator(AuditKind.RESEARCHER_TRUSTED)
                        .party(party, fingerprint)
                        .build());
            }
        });
    }
}
