package fedbiomed.vocabulary;

import java.util.stream.Collectors;

/** Text from outside, made fit to be shown to a person: bounded and without control characters. */
public final class Text {
    /** Longest piece of foreign text that an error or a table repeats, in characters. */
    public static final int MAX_SHOWN_CHARS = 120;

    private Text() {}

    /** {@code text}, cut at {@link #MAX_SHOWN_CHARS}, with control characters (terminal escapes, line ends) as {@code ?}. */
    public static String shown(String text) {
        return shown(text, MAX_SHOWN_CHARS);
    }

    /** As {@link #shown(String)}, cut at {@code maxChars}. */
    public static String shown(String text, int maxChars) {
        return shownLine(cut(text, maxChars));
    }

    /** As {@link #shown(String, int)}, but text of several lines stays so: each line end as {@code \n}. */
    public static String shownLines(String text, int maxChars) {
        return cut(text, maxChars).lines().map(Text::shownLine).collect(Collectors.joining("\n"));
    }

    private static String cut(String text, int maxChars) {
        return text.length() > maxChars ? text.substring(0, maxChars) + "…" : text;
    }

    private static String shownLine(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
