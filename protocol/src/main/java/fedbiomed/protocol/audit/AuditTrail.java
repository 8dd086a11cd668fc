package fedbiomed.protocol.audit;

import fedbiomed.protocol.message.AuditHead;
import org.jspecify.annotations.Nullable;

/** Takes down what a party does: its {@link AuditLog}, or nothing where nobody has to answer for it. */
public interface AuditTrail {
    /** For parties that are no hospital's: what they do is not taken down. */
    AuditTrail NONE = new AuditTrail() {
        @Override
        public @Nullable AuditHead append(AuditEvent event) {
            return null;
        }

        @Override
        public void appendNowOrLater(AuditEvent event) {}

        @Override
        public boolean isKept() {
            return false;
        }
    };

    /**
     * Takes it down before it takes effect.
     *
     * @return the new head; {@code null} where nothing is kept
     */
    @Nullable
    AuditHead append(AuditEvent event);

    /** False where an event need not even be made. */
    default boolean isKept() {
        return true;
    }

    /** Takes down what makes the party do less, as soon as that can be. */
    void appendNowOrLater(AuditEvent event);
}
