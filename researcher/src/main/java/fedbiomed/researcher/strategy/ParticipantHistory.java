package fedbiomed.researcher.strategy;

/**
 * What the finished rounds say of a participant. Kept with every round, so that a round that is begun anew sees the same.
 *
 * @param asked how often it was asked
 * @param answered how often its answer was used
 * @param failuresInARow how often since then it failed, was refused, gone, or late
 * @param lastAsked the round that asked it last; 0: none yet
 * @param absentLast whether its node was gone when it was asked last
 */
public record ParticipantHistory(int asked, int answered, int failuresInARow, int lastAsked, boolean absentLast) {
    public static final ParticipantHistory NONE = new ParticipantHistory(0, 0, 0, 0, false);

    /** What came of asking it. */
    public enum Attendance {
        ANSWERED,
        FAILED,
        /** Its node was gone; counts as a failure. */
        ABSENT,
        /** It was stopped, or is waited for still: neither for it nor against it. */
        UNDECIDED
    }

    public ParticipantHistory askedIn(int round) {
        return new ParticipantHistory(asked + 1, answered, failuresInARow, round, absentLast);
    }

    public ParticipantHistory after(Attendance attendance) {
        return switch (attendance) {
            case ANSWERED -> new ParticipantHistory(asked, answered + 1, 0, lastAsked, false);
            case FAILED -> new ParticipantHistory(asked, answered, failuresInARow + 1, lastAsked, false);
            case ABSENT -> new ParticipantHistory(asked, answered, failuresInARow + 1, lastAsked, true);
            case UNDECIDED -> new ParticipantHistory(asked, answered, failuresInARow, lastAsked, false);
        };
    }
}
