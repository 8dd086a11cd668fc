package fedbiomed.researcher.experiment;

import fedbiomed.researcher.strategy.ParticipantHistory.Attendance;
import java.util.Locale;

/** What became of a participant in a round. */
public enum OutcomeStatus {
    /** Its update was sound, and is part of the round's result. */
    ACCEPTED(Attendance.ANSWERED),
    /** Its node answered that it could not. */
    FAILED(Attendance.FAILED),
    /** It answered with what cannot be used: another structure, a NaN, another content than announced. */
    REFUSED(Attendance.FAILED),
    /** Its node was gone. */
    ABSENT(Attendance.ABSENT),
    /** No answer by the strategy's deadline, and none is waited for: what comes yet is discarded. */
    LATE(Attendance.FAILED),
    /** No answer by the strategy's deadline; it may come while a later round runs, and is used there. */
    AWAITED(Attendance.UNDECIDED),
    /** Its answer to an earlier round came while this one ran, and is part of this one's result. */
    LATE_USED(Attendance.ANSWERED),
    /** Enough others answered first; it was told to stop. */
    NOT_NEEDED(Attendance.UNDECIDED),
    /** Its update was sound, but the round was skipped. */
    DISCARDED(Attendance.ANSWERED),
    /** The round was stopped before it answered. */
    OPEN(Attendance.UNDECIDED);

    private final Attendance attendance;

    OutcomeStatus(Attendance attendance) {
        this.attendance = attendance;
    }

    /** What it says of the participant. */
    Attendance attendance() {
        return attendance;
    }

    /** For a person: {@code late used}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
