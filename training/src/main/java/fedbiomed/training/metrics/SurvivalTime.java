package fedbiomed.training.metrics;

/**
 * A survival time and whether it ended with the event, in one number, so that it is a row's target as any other: the
 * time where the event was seen, minus the time where the patient was lost sight of before (zero has a sign too).
 */
public final class SurvivalTime {
    private SurvivalTime() {}

    /** @param time at least 0 */
    public static double of(double time, boolean event) {
        return event ? Math.abs(time) : -Math.abs(time);
    }

    public static double time(double target) {
        return Math.abs(target);
    }

    public static boolean isEvent(double target) {
        return Math.copySign(1, target) > 0;
    }
}
