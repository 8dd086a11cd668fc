package fedbiomed.researcher.experiment;

import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.TextTable;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** What {@link Experiment#check} found, participant by participant. */
public record CheckReport(List<Row> rows) {
    /** Below it a figure says nothing: nodes measure in milliseconds. */
    private static final double SHORTEST = 0.001;

    /**
     * @param approved whether its data manager has approved the plan
     * @param ready whether plan and data went together: the columns, classes and types are what the plan says, and a batch
     *     went forward and back
     * @param problem what is wrong, and who does what about it; empty where it is ready
     * @param samples training rows; 0 where it is not ready
     * @param batch shapes of a batch's arrays, samples first; none where it is not ready
     * @param updates optimizer steps of a round
     * @param secondsPerBatch forward, back and the optimizer's step; NaN where it is not ready
     * @param roundSeconds estimated: loading the data once, and the updates; without testing and transfer
     */
    public record Row(
            Participant participant,
            boolean approved,
            boolean ready,
            String problem,
            long samples,
            List<List<Long>> batch,
            long updates,
            double secondsPerBatch,
            double roundSeconds) {
        static Row failed(Participant participant, boolean approved, String problem) {
            return new Row(participant, approved, false, problem, 0, List.of(), 0, Double.NaN, Double.NaN);
        }
    }

    public CheckReport {
        rows = List.copyOf(rows);
    }

    public boolean allReady() {
        return rows.stream().allMatch(Row::ready);
    }

    /** For people: the table, and below it what stands in the way. */
    public String table() {
        var table = new TextTable(
                "PARTICIPANT", "APPROVED", "PLAN AND DATA", "TRAINING ROWS", "BATCH", "UPDATES", "S/BATCH", "S/ROUND");
        var problems = new StringJoiner("\n");
        for (var row : rows) {
            if (row.ready()) {
                table.row(
                        row.participant(),
                        "yes",
                        "fit",
                        row.samples(),
                        shapes(row.batch()),
                        row.updates(),
                        seconds(row.secondsPerBatch()),
                        seconds(row.roundSeconds()));
            } else {
                table.row(
                        row.participant(),
                        row.approved() ? "yes" : "no",
                        row.approved() ? "do not fit" : "not tried",
                        "",
                        "",
                        "",
                        "",
                        "");
                problems.add("- " + row.participant() + ": " + row.problem());
            }
        }
        var lines = String.join("\n", table.lines());
        return problems.length() == 0 ? lines : lines + "\n" + problems;
    }

    /** {@code 16x30}; of several arrays one after the other. */
    private static String shapes(List<List<Long>> batch) {
        return batch.stream()
                .map(shape -> shape.stream().map(String::valueOf).collect(Collectors.joining("x")))
                .collect(Collectors.joining(", "));
    }

    private static String seconds(double seconds) {
        if (seconds < SHORTEST) {
            return "<" + SHORTEST;
        }
        return String.format(Locale.ROOT, seconds < 1 ? "%.3f" : "%.1f", seconds);
    }
}
