package fedbiomed.vocabulary;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** A training plan's identity: the SHA-256 over its text (line ends as LF) and its attachments' hashes. */
public record PlanId(@JsonValue String value) {
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public PlanId {
        Sha256.require("a plan's id", value);
    }

    /** The first 12 digits, as tables show it and as commands accept it where it is unambiguous. */
    public String abbreviated() {
        return value.substring(0, 12);
    }

    @Override
    public String toString() {
        return value;
    }
}
