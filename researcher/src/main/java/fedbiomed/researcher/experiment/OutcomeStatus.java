package fedbiomed.researcher.experiment;

/** What became of a participant in a round. */
public enum OutcomeStatus {
    /** Its update was sound, and is part of the round's result. */
    ACCEPTED,
    /** Its node answered that it could not. */
    FAILED,
    /** It answered with what cannot be used: another structure, a NaN, another content than announced. */
    REFUSED,
    /** Its node was gone. */
    ABSENT,
    /** No answer by the strategy's deadline. */
    LATE,
    /** The round was stopped before it answered. */
    OPEN
}
