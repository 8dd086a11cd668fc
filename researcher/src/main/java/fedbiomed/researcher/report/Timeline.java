package fedbiomed.researcher.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Who did what when, as an SVG that stands in a page: a lane for each, one stretch of time after the other. What a
 * rectangle stands for is told when one points at it.
 */
public final class Timeline {
    private static final int WIDTH = 1100;
    private static final int NAMES_WIDTH = 190;
    private static final int LANE_HEIGHT = 18;
    private static final int BAR_HEIGHT = 12;
    private static final int HEAD_HEIGHT = 22;
    private static final int LEGEND_HEIGHT = 24;
    private static final int CHAR_WIDTH = 7;
    private static final int LEGEND_GAP = 30;
    private static final int MAX_NAME_CHARS = 28;
    private static final double NARROWEST_BAR = 0.6;
    private static final double MILLIS_PER_SECOND = 1000;

    /** Colours that one can tell apart, also without red and green; one for what is not named here. */
    private static final Map<String, String> COLOURS = Map.of(
            "waiting", "#c4c4c4",
            "download", "#4e79a7",
            "start", "#9c755f",
            "load", "#f28e2b",
            "train", "#2e7d4f",
            "test", "#e0bd2f",
            "upload", "#76b7b2",
            "fetch", "#af7aa1",
            "publish", "#5b6abf",
            "aggregate", "#d1495b");

    private static final String OTHER_COLOUR = "#888";

    private final List<Stretch> stretches;
    private final List<String> lanes;

    /** @param startMillis from the beginning of its stretch */
    public record Span(String lane, String phase, long startMillis, long millis) {}

    /** A piece of time with a title: a round. */
    public record Stretch(String title, long millis, List<Span> spans) {
        public Stretch {
            spans = List.copyOf(spans);
        }
    }

    /** @param lanes from top to bottom; spans of others are left out */
    public Timeline(List<String> lanes, List<Stretch> stretches) {
        this.lanes = List.copyOf(lanes);
        this.stretches = List.copyOf(stretches);
    }

    public String svg() {
        int lanesEnd = HEAD_HEIGHT + lanes.size() * LANE_HEIGHT;
        int height = lanesEnd + LEGEND_HEIGHT;
        var svg = new StringBuilder(
                "<svg role=\"img\" aria-label=\"timeline\" viewBox=\"0 0 %d %d\" width=\"%d\""
                                .formatted(WIDTH, height, WIDTH)
                        + " style=\"max-width: 100%; height: auto\" font-family=\"system-ui, sans-serif\" font-size=\"11\" fill=\"currentColor\">\n");
        for (int lane = 0; lane < lanes.size(); lane++) {
            text(svg, 0, HEAD_HEIGHT + lane * LANE_HEIGHT + BAR_HEIGHT - 2.0, cut(lanes.get(lane)));
        }
        long all = Math.max(1, stretches.stream().mapToLong(Stretch::millis).sum());
        double perMilli = (WIDTH - NAMES_WIDTH) / (double) all;
        double x = NAMES_WIDTH;
        for (var stretch : stretches) {
            double width = stretch.millis * perMilli;
            stretch(svg, stretch, x, width, lanesEnd, perMilli);
            x += width;
        }
        legend(svg, lanesEnd);
        return svg.append("</svg>\n").toString();
    }

    private void stretch(StringBuilder svg, Stretch stretch, double x, double width, int lanesEnd, double perMilli) {
        svg.append("<path d=\"M%s 0V%d\" stroke=\"currentColor\" stroke-opacity=\".25\"/>\n"
                .formatted(number(x), lanesEnd));
        text(svg, x + 3, BAR_HEIGHT, title(stretch, (int) (width / CHAR_WIDTH)));
        for (var span : stretch.spans) {
            int lane = lanes.indexOf(span.lane);
            if (lane >= 0) {
                span(svg, stretch, span, x + span.startMillis * perMilli, lane, perMilli);
            }
        }
    }

    /** As much as there is room for. */
    private static String title(Stretch stretch, int chars) {
        var number = stretch.title.substring(stretch.title.lastIndexOf(' ') + 1);
        return List.of(stretch.title + ": " + seconds(stretch.millis), stretch.title, number).stream()
                .filter(title -> title.length() < chars)
                .findFirst()
                .orElse("");
    }

    private static void span(StringBuilder svg, Stretch stretch, Span span, double x, int lane, double perMilli) {
        svg.append("<rect x=\"%s\" y=\"%d\" width=\"%s\" height=\"%d\" fill=\"%s\"><title>%s</title></rect>\n"
                .formatted(
                        number(x),
                        HEAD_HEIGHT + lane * LANE_HEIGHT,
                        number(Math.max(NARROWEST_BAR, span.millis * perMilli)),
                        BAR_HEIGHT,
                        COLOURS.getOrDefault(span.phase, OTHER_COLOUR),
                        HtmlPage.escaped(
                                span.lane + ", " + stretch.title + ": " + span.phase + " " + seconds(span.millis))));
    }

    private void legend(StringBuilder svg, int top) {
        var phases = new LinkedHashSet<String>();
        stretches.forEach(stretch -> stretch.spans.forEach(span -> phases.add(span.phase)));
        var shown = new ArrayList<>(phases);
        double x = NAMES_WIDTH;
        for (var phase : shown) {
            svg.append("<rect x=\"%s\" y=\"%d\" width=\"10\" height=\"10\" fill=\"%s\"/>\n"
                    .formatted(number(x), top + LEGEND_HEIGHT / 2 - 2, COLOURS.getOrDefault(phase, OTHER_COLOUR)));
            text(svg, x + 14, top + LEGEND_HEIGHT / 2.0 + 7, phase);
            x += LEGEND_GAP + phase.length() * (double) CHAR_WIDTH;
        }
    }

    private static void text(StringBuilder svg, double x, double y, String text) {
        svg.append("<text x=\"%s\" y=\"%s\">%s</text>\n".formatted(number(x), number(y), HtmlPage.escaped(text)));
    }

    private static String cut(String name) {
        return name.length() <= MAX_NAME_CHARS ? name : name.substring(0, MAX_NAME_CHARS - 1) + "…";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.2f s", millis / MILLIS_PER_SECOND);
    }
}
