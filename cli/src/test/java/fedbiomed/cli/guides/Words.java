package fedbiomed.cli.guides;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A line of a shell in words, as far as guides use it: single and double quotes, comments. */
final class Words {
    private Words() {}

    /** Whether it ends here: neither inside quotes nor by a backslash. */
    static boolean isWhole(CharSequence text) {
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            }
        }
        return quote == 0 && !text.toString().endsWith("\\");
    }

    /** Up to a comment. */
    static List<String> of(String command) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        char quote = 0;
        boolean begun = false;
        for (int i = 0; i < command.length(); i++) {
            char c = command.charAt(i);
            if (quote != 0 ? c == quote : c == '\'' || c == '"') {
                quote = quote == 0 ? c : 0;
                begun = true;
            } else if (quote == 0 && c == '#' && !begun) {
                break;
            } else if (quote == 0 && Character.isWhitespace(c)) {
                if (begun) {
                    words.add(word.toString());
                }
                word.setLength(0);
                begun = false;
            } else {
                word.append(c);
                begun = true;
            }
        }
        if (begun) {
            words.add(word.toString());
        }
        return words;
    }

    /** Of {@code fedbiomed ... | fedbiomed ... > file &}: the words of each of its commands, without what the shell keeps. */
    static List<List<String>> ofEachCommand(String line) {
        var commands = new ArrayList<List<String>>();
        var words = new ArrayList<String>();
        for (var word : of(line)) {
            if (word.equals("|") || word.equals(";") || word.equals("&&")) {
                commands.add(List.copyOf(words));
                words.clear();
            } else if (word.matches("\\d?>>?.*|<.*|&")) {
                break;
            } else {
                words.add(word);
            }
        }
        commands.add(List.copyOf(words));
        return commands.stream().flatMap(Words::argumentsOfOurs).toList();
    }

    /** Of {@code VARIABLE=value nohup /opt/fedbiomed/fedbiomed run ...}: what follows the program's name. */
    private static Stream<List<String>> argumentsOfOurs(List<String> command) {
        int at = 0;
        while (at < command.size() && command.get(at).matches("[A-Z_]+=.*|nohup")) {
            at++;
        }
        return at < command.size() && command.get(at).matches("(.*/)?fedbiomed")
                ? Stream.of(command.subList(at + 1, command.size()))
                : Stream.empty();
    }
}
