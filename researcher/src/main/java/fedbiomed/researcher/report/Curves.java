package fedbiomed.researcher.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/** Curves over the rounds as a drawing (SVG) that needs nothing else: one panel, or several beside and below each other. */
public final class Curves {
    private static final String[] COLOURS = {"#1b6ca8", "#d35400", "#1e8449", "#8e44ad", "#b9770e", "#555555"};
    private static final int PANEL_WIDTH = 300;
    private static final int PANEL_HEIGHT = 210;
    private static final int LEGEND_HEIGHT = 34;
    /** Of a panel, for what stands around the curves. */
    private static final int LEFT = 52;

    private static final int RIGHT = 12;
    private static final int TOP = 26;
    private static final int BOTTOM = 38;
    private static final int STEPS = 4;

    private final String value;
    private final int columns;
    private final List<Panel> panels = new ArrayList<>();

    /**
     * @param lines by name, in their order; element i of one is its value after i rounds, NaN where there is none
     * @param top where the panel ends, and higher values with it
     */
    private record Panel(String title, SequencedMap<String, List<Double>> lines, double top) {
        int rounds() {
            return Math.max(
                    1, lines.values().stream().mapToInt(List::size).max().orElse(1) - 1);
        }
    }

    /**
     * @param value what is drawn upwards: {@code log loss}
     * @param columns how many panels stand beside each other
     */
    public Curves(String value, int columns) {
        this.value = value;
        this.columns = columns;
    }

    /** A panel from 0 (or the lowest value, where that is negative) to the highest. */
    public Curves panel(String title, SequencedMap<String, List<Double>> lines) {
        double highest = lines.values().stream()
                .flatMap(List::stream)
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(1);
        return panel(title, lines, highest);
    }

    /** A panel that is cut off at {@code top}. */
    public Curves panel(String title, SequencedMap<String, List<Double>> lines, double top) {
        panels.add(new Panel(title, new LinkedHashMap<>(lines), top));
        return this;
    }

    public String svg() {
        int width = Math.min(columns, Math.max(1, panels.size())) * PANEL_WIDTH;
        int height = Math.ceilDiv(panels.size(), columns) * PANEL_HEIGHT + LEGEND_HEIGHT;
        var svg = new StringBuilder();
        line(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">",
                width,
                height,
                width);
        line(svg, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", width, height);
        var names = panels.stream()
                .flatMap(panel -> panel.lines.keySet().stream())
                .distinct()
                .toList();
        legend(svg, names);
        for (int i = 0; i < panels.size(); i++) {
            line(
                    svg,
                    "<g transform=\"translate(%d %d)\">",
                    i % columns * PANEL_WIDTH,
                    LEGEND_HEIGHT + i / columns * PANEL_HEIGHT);
            draw(svg, panels.get(i), names);
            svg.append("</g>\n");
        }
        return svg.append("</svg>\n").toString();
    }

    private static void legend(StringBuilder svg, List<String> names) {
        int x = LEFT;
        for (int i = 0; i < names.size(); i++) {
            line(svg, "<path d=\"M%d 18h22\" stroke=\"%s\" stroke-width=\"2\"/>", x, colour(i));
            line(svg, "<text x=\"%d\" y=\"22\">%s</text>", x + 28, HtmlPage.escaped(names.get(i)));
            x += 52 + 7 * names.get(i).length();
        }
    }

    private void draw(StringBuilder svg, Panel panel, List<String> names) {
        double bottom = panel.lines.values().stream()
                .flatMap(List::stream)
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .reduce(0, Math::min);
        double step = step((panel.top - bottom) / STEPS);
        double lowest = Math.floor(bottom / step) * step;
        double highest = Math.max(lowest + step, panel.top);
        int w = PANEL_WIDTH - LEFT - RIGHT;
        int h = PANEL_HEIGHT - TOP - BOTTOM;
        line(svg, "<text x=\"%d\" y=\"16\" font-weight=\"bold\">%s</text>", LEFT, HtmlPage.escaped(panel.title));
        for (double tick = lowest; tick <= highest + step / 1000; tick += step) {
            double y = TOP + h - h * (tick - lowest) / (highest - lowest);
            line(svg, "<path d=\"M%d %.1fh%d\" stroke=\"#ddd\"/>", LEFT, y, w);
            line(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 5, y + 4, written(tick, step));
        }
        line(svg, "<path d=\"M%d %dv%dh%d\" fill=\"none\" stroke=\"#888\"/>", LEFT, TOP, h, w);
        line(svg, "<text x=\"%d\" y=\"%d\">0</text>", LEFT, TOP + h + 15);
        line(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">round</text>", LEFT + w / 2, TOP + h + 15);
        line(svg, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d</text>", LEFT + w, TOP + h + 15, panel.rounds());
        line(
                svg,
                "<text transform=\"translate(12 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>",
                TOP + h / 2,
                HtmlPage.escaped(value));
        panel.lines.forEach((name, values) -> {
            var points = new StringBuilder();
            boolean drawn = false;
            for (int round = 0; round < values.size(); round++) {
                double at = values.get(round);
                if (Double.isNaN(at)) {
                    drawn = false;
                    continue;
                }
                double share = (Math.clamp(at, lowest, highest) - lowest) / (highest - lowest);
                points.append(drawn ? 'L' : 'M')
                        .append(String.format(
                                Locale.ROOT,
                                "%.1f %.1f",
                                LEFT + (double) w * round / panel.rounds(),
                                TOP + h - h * share));
                drawn = true;
            }
            line(
                    svg,
                    "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>",
                    points,
                    colour(names.indexOf(name)));
        });
    }

    private static String colour(int line) {
        return COLOURS[line % COLOURS.length];
    }

    /** 1, 2 or 5 times a power of ten, at least {@code least}. */
    private static double step(double least) {
        if (!(least > 0)) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (double factor : new double[] {1, 2, 5}) {
            if (factor * power >= least) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static String written(double tick, double step) {
        int digits = Math.max(0, (int) -Math.floor(Math.log10(step)));
        return String.format(Locale.ROOT, "%." + digits + "f", tick);
    }

    private static void line(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
