package fedbiomed.researcher.command;

import fedbiomed.protocol.command.LiveLine;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where each participant of a running round is: waiting, training, how far, with which loss and for how long yet. Lines
 * for a terminal; in as many as there are.
 */
final class LiveTable {
    private static final int LONGEST_NAME = 40;
    private static final int STATE_WIDTH = 9;
    private static final int LOSS_WIDTH = 9;
    private static final int LEFT_WIDTH = 8;
    private static final int PERCENT_WIDTH = 4;
    private static final int BAR = 12;
    /** A narrower terminal has no room for bar and time. */
    private static final int ROOMY_COLUMNS = 66;

    private static final String GAP = "  ";
    private static final String WAITING = "waiting";

    private final LongSupplier nanoClock;
    private final Map<Participant, Row> rows = new TreeMap<>();

    private static final class Row {
        String state = WAITING;
        boolean over;

        @Nullable
        Double loss;

        long iteration;
        long total;
        long firstIteration;
        long firstNanos;
        long lastNanos;
    }

    LiveTable(LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
    }

    void begin(Collection<Participant> asked) {
        rows.clear();
        asked.forEach(participant -> rows.put(participant, new Row()));
    }

    void changed(Participant participant, String told) {
        var row = row(participant);
        row.over = true;
        if (told.endsWith("once more)") || told.equals("back online")) {
            row.state = WAITING;
            row.over = false;
        } else if (told.startsWith("left out")) {
            row.state = "left out";
        } else {
            var word = told.split("[ :]", 2)[0];
            row.state = Text.shown(word, STATE_WIDTH - 1);
            if (word.equals("answered")) {
                row.iteration = row.total;
            }
        }
    }

    void scalar(Scalar scalar) {
        var row = row(scalar.participant());
        if (row.over) {
            return;
        }
        if (!scalar.phase().equals("training")) {
            row.state = "testing";
            return;
        }
        long now = nanoClock.getAsLong();
        if (row.total == 0 || scalar.iteration() < row.iteration) {
            // begun, or begun anew
            row.firstIteration = scalar.iteration();
            row.firstNanos = now;
        }
        row.iteration = scalar.iteration();
        row.total = scalar.total();
        row.lastNanos = now;
        row.state = row.iteration >= row.total ? "trained" : "training";
        if (scalar.name().equals("loss")) {
            row.loss = scalar.value();
        }
    }

    private Row row(Participant participant) {
        return rows.computeIfAbsent(participant, _ -> new Row());
    }

    /** @param most lines; where there are more participants, the last line says how many and how they do */
    List<String> lines(int columns, int most) {
        if (rows.isEmpty() || most < 2) {
            return List.of();
        }
        int names = Math.min(LONGEST_NAME, columns / 4);
        var lines = new ArrayList<String>();
        lines.add(line(columns, names, "participant", "state", "", "", "loss", "left"));
        var order = new ArrayList<>(rows.entrySet());
        int room = most - 1;
        if (order.size() > room) {
            // those that one waits for
            order.sort(Comparator.comparing(entry -> entry.getValue().over));
            room--;
        }
        int shown = Math.min(room, order.size());
        order.subList(0, shown).forEach(entry -> lines.add(line(columns, names, entry.getKey(), entry.getValue())));
        if (shown < order.size()) {
            lines.add(more(order.subList(shown, order.size())));
        }
        return lines;
    }

    private static String more(List<Map.Entry<Participant, Row>> rest) {
        var counts = rest.stream()
                .collect(Collectors.groupingBy(entry -> entry.getValue().state, TreeMap::new, Collectors.counting()));
        return "and " + rest.size() + " more: "
                + counts.entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey())
                        .collect(Collectors.joining(", "));
    }

    private String line(int columns, int names, Participant participant, Row row) {
        boolean known = row.total > 0;
        long done = Math.clamp(row.iteration, 0, row.total);
        return line(
                columns,
                names,
                Text.shown(participant.toString()),
                row.state,
                known ? bar(done, row.total) : "",
                known ? 100 * done / row.total + "%" : "",
                row.loss == null ? "" : String.format(Locale.ROOT, "%.4f", row.loss),
                left(row));
    }

    private static String bar(long done, long all) {
        int filled = (int) ((double) done / all * (BAR - 2));
        return "[" + "=".repeat(filled) + " ".repeat(BAR - 2 - filled) + "]";
    }

    private String left(Row row) {
        long steps = row.iteration - row.firstIteration;
        if (row.over || steps <= 0 || row.iteration >= row.total) {
            return "";
        }
        double perStep = (row.lastNanos - row.firstNanos) / (double) steps;
        double nanos = perStep * (row.total - row.iteration) - (nanoClock.getAsLong() - row.lastNanos);
        return LiveLine.clock(Duration.ofNanos((long) Math.max(0, nanos)));
    }

    private static String line(
            int columns, int names, String name, String state, String bar, String percent, String loss, String left) {
        var line = new StringBuilder(left(name, names)).append(GAP).append(left(state, STATE_WIDTH));
        boolean roomy = columns >= ROOMY_COLUMNS;
        if (roomy) {
            line.append(GAP).append(left(bar, BAR));
        }
        line.append(' ').append(right(percent, PERCENT_WIDTH)).append(GAP).append(right(loss, LOSS_WIDTH));
        if (roomy) {
            line.append(GAP).append(right(left, LEFT_WIDTH));
        }
        return LiveLine.cut(columns, line.toString());
    }

    private static String left(String text, int width) {
        return fitting(text, width) + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + fitting(text, width);
    }

    private static String fitting(String text, int width) {
        return text.length() <= width ? text : text.substring(0, width - 1) + "…";
    }
}
