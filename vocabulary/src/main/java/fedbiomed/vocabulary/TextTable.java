package fedbiomed.vocabulary;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table of text with aligned columns, numbers to the right and all else to the left. Cells are made fit to be shown. */
public final class TextTable {
    private static final String GAP = "  ";

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(String... header) {
        this.header = List.of(header);
    }

    /** @throws IllegalArgumentException unless there are as many cells as columns */
    public TextTable row(Object... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(cells.length + " cells in a table of " + header.size() + " columns");
        }
        rows.add(Arrays.stream(cells)
                .map(cell -> Text.shown(String.valueOf(cell)))
                .toList());
        return this;
    }

    public void print(PrintWriter out) {
        lines().forEach(out::println);
    }

    public List<String> lines() {
        var widths = new int[header.size()];
        var numeric = new boolean[header.size()];
        for (int column = 0; column < widths.length; column++) {
            int c = column;
            widths[c] = rows.stream().mapToInt(row -> width(row.get(c))).reduce(width(header.get(c)), Math::max);
            numeric[c] = rows.stream().allMatch(row -> isNumber(row.get(c)) || isNothing(row.get(c)))
                    && rows.stream().anyMatch(row -> isNumber(row.get(c)));
        }
        var lines = new ArrayList<String>();
        lines.add(line(header, widths, numeric));
        rows.forEach(row -> lines.add(line(row, widths, numeric)));
        return lines;
    }

    private static String line(List<String> cells, int[] widths, boolean[] numeric) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            var padding = " ".repeat(widths[i] - width(cells.get(i)));
            line.append(i == 0 ? "" : GAP)
                    .append(numeric[i] ? padding : "")
                    .append(cells.get(i))
                    .append(numeric[i] ? "" : padding);
        }
        return line.toString().stripTrailing();
    }

    private static boolean isNumber(String cell) {
        return cell.matches("-?[0-9]+(\\.[0-9]+)?");
    }

    private static boolean isNothing(String cell) {
        return cell.isEmpty() || cell.equals("-");
    }

    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
