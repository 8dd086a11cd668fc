package fedbiomed.protocol.audit;

import fedbiomed.protocol.message.AuditHead;
import org.jspecify.annotations.Nullable;

/**
 * What a look at the whole log has shown.
 *
 * @param head of the last line that is as it was written
 * @param fault the first thing that is wrong; {@code null}: nothing
 * @param tornBytes behind the last line, of one that a killed process did not finish; nothing is wrong with that
 */
public record AuditVerification(AuditHead head, @Nullable Fault fault, long tornBytes) {
    /** What was done to a log. */
    public enum Kind {
        EDITED,
        DROPPED,
        REORDERED,
        CUT,
        /** The line of a head that is known is another one now: the log was written anew from there, or earlier. */
        REWRITTEN
    }

    /**
     * @param line its number in the file, from 1
     * @param text for a person
     */
    public record Fault(Kind kind, long line, String text) {}

    static AuditVerification of(AuditLines lines, AuditHead known) {
        var walk = new Walk(lines, known);
        lines.read(walk::follows);
        if (walk.fault == null && walk.head.sequence() < known.sequence()) {
            walk.fault = new Fault(
                    Kind.CUT,
                    walk.head.sequence() + 1,
                    "the log ends with line " + walk.head.sequence() + ", but the head that was noted is that of line "
                            + known.sequence() + ": its end was cut off");
        }
        return new AuditVerification(walk.head, walk.fault, lines.tornBytes());
    }

    /** From line to line; stops at the first that does not follow. */
    private static final class Walk {
        private final AuditLines lines;
        private final AuditHead known;
        private AuditHead head = AuditHead.EMPTY;
        private @Nullable Fault fault;

        Walk(AuditLines lines, AuditHead known) {
            this.lines = lines;
            this.known = known;
        }

        boolean follows(long number, String text) {
            try {
                fault = fault(number, AuditLine.parse(text));
            } catch (IllegalArgumentException e) {
                fault = new Fault(Kind.EDITED, number, "line " + number + " was edited: " + e.getMessage());
            }
            return fault == null;
        }

        private @Nullable Fault fault(long number, AuditLine line) {
            long due = head.sequence() + 1;
            if (line.sequence() > due) {
                var gap = "line " + number + " is number " + line.sequence() + " of the log, where number " + due
                        + " is due: ";
                return lines.holdsLater(number, due)
                        ? new Fault(
                                Kind.REORDERED, number, gap + "that one stands further down, the lines were reordered")
                        : new Fault(
                                Kind.DROPPED,
                                number,
                                gap
                                        + (line.sequence() - due == 1
                                                ? "one line was"
                                                : line.sequence() - due + " lines were")
                                        + " dropped before it");
            }
            if (line.sequence() < due) {
                return new Fault(
                        Kind.REORDERED,
                        number,
                        "line " + number + " is number " + line.sequence()
                                + " of the log, which has its place further up:" + " it was moved or repeated");
            }
            if (!line.previous().equals(head.hash())) {
                long edited = Math.max(1, number - 1);
                return new Fault(
                        Kind.EDITED,
                        edited,
                        "line " + edited + " was edited and given a hash that fits: line " + number
                                + " was written after another one");
            }
            head = line.head();
            if (head.sequence() == known.sequence() && !head.equals(known)) {
                return new Fault(
                        Kind.REWRITTEN,
                        number,
                        "line " + number
                                + " is not the one whose head was noted: the log was written anew, from here or"
                                + " from an earlier line");
            }
            return null;
        }
    }
}
