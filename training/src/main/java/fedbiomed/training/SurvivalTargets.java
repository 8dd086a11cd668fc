package fedbiomed.training;

import fedbiomed.data.tabular.Table;
import fedbiomed.training.metrics.SurvivalTime;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;

/** A table's columns of time and event as targets. */
final class SurvivalTargets {
    private SurvivalTargets() {}

    /**
     * As {@link SurvivalTime} has them.
     *
     * @throws FedbiomedException {@code DATA_UNFIT} naming the column, and how many rows have a value that is missing,
     *     below 0, or of an event neither 0 nor 1
     */
    static double[] of(Table table, String time, String event) {
        var times = table.numbers(time);
        var events = table.numbers(event);
        int wrongTimes = 0;
        int wrongEvents = 0;
        for (int row = 0; row < times.length; row++) {
            if (!(times[row] >= 0)) {
                wrongTimes++;
            }
            if (events[row] != 0 && events[row] != 1) {
                wrongEvents++;
            }
            times[row] = SurvivalTime.of(times[row], events[row] == 1);
        }
        require(wrongTimes, time, "no time of at least 0");
        require(wrongEvents, event, "an event that is neither 1 (seen) nor 0 (not seen before the time was over)");
        return times;
    }

    private static void require(int wrong, String column, String what) {
        if (wrong > 0) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "survival column '" + Text.shown(column) + "': " + wrong + " rows have " + what
                            + "; correct or remove these rows, or leave this dataset out");
        }
    }
}
