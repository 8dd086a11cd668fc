package fedbiomed.benchmarks;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A figure of ours beside what it is held against, measured in the same run; or one that is held against nothing.
 *
 * @param what is measured, with its size
 * @param ours in {@code unit}
 * @param unit of both
 * @param limit the physical limit, a peer's figure or the goal itself; this and what follows {@code null}: there is none
 * @param limitIs what the limit is, and how it was measured
 * @param ratio ours in relation to the limit
 * @param goal of the ratio
 * @param atLeast whether the ratio should be at least the goal; else at most
 */
record Measurement(
        String what,
        double ours,
        String unit,
        @Nullable Double limit,
        @Nullable String limitIs,
        @Nullable Double ratio,
        @Nullable Double goal,
        boolean atLeast,
        @Nullable String note) {
    /** The more, the better: a throughput, as a part of its limit. */
    static Measurement throughput(String what, double ours, String unit, double limit, String limitIs, double goal) {
        return new Measurement(what, ours, unit, limit, limitIs, ours / limit, goal, true, null);
    }

    /** One that has no goal. */
    static Measurement figure(String what, double ours, String unit) {
        return new Measurement(what, ours, unit, null, null, null, null, false, null);
    }

    /** The less, the better: a bound that is to be kept. */
    static Measurement within(String what, double ours, String unit, double bound, String boundIs) {
        return new Measurement(what, ours, unit, bound, boundIs, ours / bound, 1.0, false, null);
    }

    /** A time that should be at most twice what it cannot be less than. */
    static Measurement ofBudget(String what, double ours, String unit, double budget) {
        return new Measurement(
                what,
                ours,
                unit,
                budget,
                "the mandatory passes: their counts times their costs alone, over all cores",
                ours / budget,
                2.0,
                false,
                null);
    }

    String line() {
        if (limit == null || ratio == null || goal == null) {
            return String.format(Locale.ROOT, "%-58s %10.3f %10s %-5s", what, ours, "", unit);
        }
        boolean reached = atLeast ? ratio >= goal : ratio <= goal;
        return String.format(
                Locale.ROOT,
                "%-58s %10.3f %10.3f %-5s %6.2f  %s %.2f  %s",
                what,
                ours,
                limit,
                unit,
                ratio,
                atLeast ? ">=" : "<=",
                goal,
                reached ? "reached" : "NOT REACHED");
    }

    static String header() {
        return String.format(
                Locale.ROOT, "%-58s %10s %10s %-5s %6s  %-7s", "what", "ours", "limit", "unit", "ratio", "goal");
    }
}
