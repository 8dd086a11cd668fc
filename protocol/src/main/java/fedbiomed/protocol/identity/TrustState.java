package fedbiomed.protocol.identity;

/** What this party thinks of another's keys. */
public enum TrustState {
    /** Never heard of. */
    UNKNOWN,
    /** It has written, or is present; no person has compared its fingerprint yet. */
    SEEN,
    /** A person has confirmed this fingerprint. */
    TRUSTED,
    /** A person trusts this party, but under another fingerprint than it shows now. */
    KEY_CHANGED,
    /** A person has withdrawn the trust. */
    REVOKED;

    /** As a person reads it. */
    public String shown() {
        return switch (this) {
            case UNKNOWN -> "unknown";
            case SEEN -> "not confirmed";
            case TRUSTED -> "trusted";
            case KEY_CHANGED -> "KEYS CHANGED";
            case REVOKED -> "revoked";
        };
    }
}
