package fedbiomed.researcher.strategy;

import fedbiomed.protocol.home.DurationText;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Text;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@link Management} as {@code experiment.yaml} writes it, beside the selection's own arguments. */
final class ManagementArguments {
    static final Set<String> NAMES = Set.of(
            "deadline",
            "quorum",
            "absent_after",
            "over_select",
            "over_select_by",
            "retry",
            "leave_out_after",
            "leave_out_rounds",
            "readmit_when_present",
            "too_few",
            "repeats",
            "late",
            "staleness");

    private static final String DISCARD = "discard";
    private static final String USE = "use";

    private ManagementArguments() {}

    /** What differs from the default, and the two durations, which tell most. */
    static SortedMap<String, Object> of(Management management) {
        var arguments = new TreeMap<String, Object>();
        arguments.put("deadline", DurationText.of(management.deadline()));
        arguments.put("absent_after", DurationText.of(management.absentAfter()));
        if (management.quorum() > 0) {
            arguments.put("quorum", management.quorum());
        }
        if (management.overSelect() > 1) {
            arguments.put("over_select", management.overSelect());
        }
        if (management.overSelectBy() > 0) {
            arguments.put("over_select_by", management.overSelectBy());
        }
        if (management.retry()) {
            arguments.put("retry", true);
        }
        var leaveOut = management.leaveOut();
        if (leaveOut.afterFailures() > 0) {
            arguments.put("leave_out_after", leaveOut.afterFailures());
            arguments.put("leave_out_rounds", leaveOut.rounds());
            arguments.put("readmit_when_present", leaveOut.readmitWhenPresent());
        }
        if (management.tooFew() != TooFew.FAIL) {
            arguments.put("too_few", management.tooFew().text());
        }
        if (management.tooFew() == TooFew.REPEAT) {
            arguments.put("repeats", management.repeats());
        }
        if (management.usesLateAnswers()) {
            arguments.put("late", USE);
            arguments.put("staleness", management.staleness());
        }
        return arguments;
    }

    static ManagedStrategy apply(Args arguments, ManagedStrategy strategy) {
        var managed = strategy;
        if (arguments.has("deadline")) {
            managed = managed.deadline(DurationText.parse(arguments.text("deadline", "")));
        }
        if (arguments.has("quorum")) {
            managed = managed.quorum(arguments.integer("quorum", 1));
        }
        if (arguments.has("absent_after")) {
            managed = managed.absentAfter(DurationText.parse(arguments.text("absent_after", "")));
        }
        if (arguments.has("over_select") && arguments.has("over_select_by")) {
            throw new IllegalArgumentException("strategy.over_select (a factor) and strategy.over_select_by (a number)"
                    + " say the same thing; give one of them");
        }
        if (arguments.has("over_select")) {
            managed = managed.overSelect(arguments.real("over_select", 1));
        }
        if (arguments.has("over_select_by")) {
            managed = managed.overSelectBy(arguments.integer("over_select_by", 0));
        }
        if (arguments.flag("retry", false)) {
            managed = managed.retryOnce();
        }
        return late(arguments, tooFew(arguments, leaveOut(arguments, managed)));
    }

    private static ManagedStrategy leaveOut(Args arguments, ManagedStrategy strategy) {
        if (!arguments.has("leave_out_after")) {
            requireAbsent(arguments, "leave_out_rounds", "leave_out_after, the number of failures in a row");
            requireAbsent(arguments, "readmit_when_present", "leave_out_after, the number of failures in a row");
            return strategy;
        }
        int failures = arguments.integer("leave_out_after", 0);
        Counts.require("leave_out_after", failures, 1);
        var managed = strategy.leaveOut(failures, arguments.integer("leave_out_rounds", LeaveOut.DEFAULT_ROUNDS));
        return arguments.flag("readmit_when_present", false) ? managed.readmitWhenPresent() : managed;
    }

    private static ManagedStrategy tooFew(Args arguments, ManagedStrategy strategy) {
        var rule = TooFew.of(arguments.text("too_few", TooFew.FAIL.text()));
        if (rule != TooFew.REPEAT) {
            requireAbsent(arguments, "repeats", "too_few: repeat");
            return strategy.tooFew(rule);
        }
        return strategy.repeatRound(arguments.integer("repeats", 1));
    }

    private static ManagedStrategy late(Args arguments, ManagedStrategy strategy) {
        var rule = arguments.text("late", DISCARD);
        if (rule.equals(USE)) {
            int staleness = arguments.integer("staleness", 1);
            Counts.require("staleness", staleness, 1);
            return strategy.useLateAnswers(staleness);
        }
        if (!rule.equals(DISCARD)) {
            throw new IllegalArgumentException("strategy.late is 'discard' or 'use', not '" + Text.shown(rule) + "'");
        }
        requireAbsent(arguments, "staleness", "late: use");
        return strategy;
    }

    private static void requireAbsent(Args arguments, String name, String needs) {
        if (arguments.has(name)) {
            throw new IllegalArgumentException(
                    "strategy." + name + " says nothing without " + needs + "; add that, or leave it out");
        }
    }
}
