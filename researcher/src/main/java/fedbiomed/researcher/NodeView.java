package fedbiomed.researcher;

import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.protocol.identity.TrustState;
import fedbiomed.vocabulary.PartyId;
import org.jspecify.annotations.Nullable;

/**
 * A node as this researcher sees it.
 *
 * @param fingerprint of the keys it shows; {@code null} if it has shown none yet
 * @param audit what is known of its audit log; {@code null} if it has told nothing yet
 */
public record NodeView(
        PartyId node,
        boolean online,
        TrustState trust,
        @Nullable Fingerprint fingerprint,
        AuditHeads.@Nullable Seen audit) {
    /** What a person must do before this node can be worked with; empty if nothing. */
    public String whatToDo() {
        return switch (trust) {
            case TRUSTED -> audit == null ? "" : audit.alarm();
            case KEY_CHANGED ->
                "its keys are not those that you trusted; ask its data manager why, and only then run " + command();
            case REVOKED -> "you withdrew your trust";
            case UNKNOWN, SEEN -> "compare the fingerprint with its data manager, then run " + command();
        };
    }

    private String command() {
        return "'fedbiomed researcher node trust " + node + " " + (fingerprint == null ? "FINGERPRINT" : fingerprint)
                + "'";
    }
}
