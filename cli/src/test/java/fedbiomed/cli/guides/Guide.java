package fedbiomed.cli.guides;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A page of {@code docs/} in the parts that can rot.
 *
 * @param prose its lines outside fenced blocks
 */
record Guide(String name, List<Block> blocks, List<String> prose) {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern FENCE = Pattern.compile("```(\\w*)");
    private static final Pattern FILE = Pattern.compile("`([\\w-]+\\.\\w+)`[^`]*:$");
    private static final Pattern DIRECTIVE = Pattern.compile("<!-- (.*) -->");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /**
     * A fenced block.
     *
     * @param language empty for what a command prints
     * @param file the name of the file that the sentence before it introduces; empty for none
     * @param directive what a reader does not see: the comment before it; empty for none
     * @param line where it begins, from 1
     */
    record Block(String language, String text, String file, String directive, int line) {
        /** The commands of a shell, each as one line unless it has a quoted line break. */
        List<String> commands() {
            var commands = new ArrayList<String>();
            var open = new StringBuilder();
            for (var row : text.split("\n")) {
                open.append(open.isEmpty() ? "" : "\n").append(row);
                if (Words.isWhole(open)) {
                    if (!open.toString().isBlank() && !open.toString().startsWith("#")) {
                        commands.add(open.toString().replace("\\\n", ""));
                    }
                    open.setLength(0);
                }
            }
            return commands;
        }
    }

    static Guide of(String name) {
        try {
            return parsed(name, Files.readAllLines(ROOT.resolve("docs").resolve(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Guide parsed(String name, List<String> lines) {
        var blocks = new ArrayList<Block>();
        var prose = new ArrayList<String>();
        var before = "";
        var directive = "";
        for (int i = 0; i < lines.size(); i++) {
            var fence = FENCE.matcher(lines.get(i));
            if (fence.matches()) {
                int from = i + 1;
                do {
                    i++;
                } while (!lines.get(i).equals("```"));
                var file = FILE.matcher(before);
                blocks.add(new Block(
                        fence.group(1),
                        String.join("\n", lines.subList(from, i)) + "\n",
                        file.find() ? file.group(1) : "",
                        directive,
                        from));
                before = "";
                directive = "";
                continue;
            }
            var comment = DIRECTIVE.matcher(lines.get(i));
            if (comment.matches()) {
                directive = comment.group(1);
            } else {
                prose.add(lines.get(i));
                before = lines.get(i).isBlank() ? before : lines.get(i);
            }
        }
        return new Guide(name, blocks, prose);
    }

    List<Block> blocks(String language) {
        return blocks.stream()
                .filter(block -> block.language().equals(language))
                .toList();
    }

    /** What stands between backticks on a line. */
    static List<String> code(String line) {
        return CODE.matcher(line).results().map(found -> found.group(1)).toList();
    }
}
