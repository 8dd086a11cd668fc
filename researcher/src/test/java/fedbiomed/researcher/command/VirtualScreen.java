package fedbiomed.researcher.command;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** A terminal of so many rows and columns, as far as our progress uses one; anything else that it is sent is an error. */
final class VirtualScreen {
    private static final Pattern SEQUENCE = Pattern.compile("\u001b\\[([0-9]*)([A-Z])");

    private final int rows;
    private final int columns;
    private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
    private int top;
    private int row;
    private int column;
    private int drawings;

    VirtualScreen(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
    }

    /** What is printed there shows here; each flush is a drawing. */
    PrintStream stream() {
        var bytes = new java.io.ByteArrayOutputStream() {
            @Override
            public synchronized void flush() {
                print(toString(StandardCharsets.UTF_8));
                reset();
            }
        };
        return new PrintStream((OutputStream) bytes, false, StandardCharsets.UTF_8);
    }

    private synchronized void print(String text) {
        drawings++;
        var matcher = SEQUENCE.matcher(text);
        for (int at = 0; at < text.length(); ) {
            if (matcher.region(at, text.length()).lookingAt()) {
                control(matcher.group(1).isEmpty() ? 1 : Integer.parseInt(matcher.group(1)), matcher.group(2));
                at = matcher.end();
            } else {
                character(text.charAt(at++));
            }
        }
    }

    private void control(int count, String what) {
        switch (what) {
            case "A" -> row = Math.max(top, row - count);
            case "J" -> {
                lines.subList(row + 1, lines.size()).clear();
                lines.get(row).setLength(Math.min(column, lines.get(row).length()));
            }
            default -> throw new IllegalStateException("a terminal is not sent " + what);
        }
    }

    private void character(char c) {
        switch (c) {
            case '\r' -> column = 0;
            case '\n' -> nextLine();
            default -> {
                if (c < ' ') {
                    throw new IllegalStateException("a terminal is not sent the character " + (int) c);
                }
                if (column == columns) {
                    nextLine();
                }
                var line = lines.get(row);
                line.append(" ".repeat(Math.max(0, column + 1 - line.length())));
                line.setCharAt(column++, c);
            }
        }
    }

    private void nextLine() {
        column = 0;
        row++;
        if (row == lines.size()) {
            lines.add(new StringBuilder());
        }
        top = Math.max(top, row - rows + 1);
    }

    /** What one sees, without empty lines at the end. */
    synchronized List<String> seen() {
        return text(top);
    }

    /** With what has left the screen at its top. */
    synchronized List<String> all() {
        return text(0);
    }

    synchronized int drawings() {
        return drawings;
    }

    private List<String> text(int from) {
        var text = new ArrayList<>(IntStream.range(from, lines.size())
                .mapToObj(line -> lines.get(line).toString().stripTrailing())
                .toList());
        while (!text.isEmpty() && text.getLast().isEmpty()) {
            text.removeLast();
        }
        return text;
    }
}
