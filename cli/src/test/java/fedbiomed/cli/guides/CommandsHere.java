package fedbiomed.cli.guides;

import fedbiomed.cli.Main;
import fedbiomed.vocabulary.Json;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Runs commands one after the other in the folder in which it was started: a JVM can't change its own, and a new one for each
 * command would cost more than the commands. One line of JSON in, one out.
 */
final class CommandsHere {
    record Asked(List<String> arguments, String input) {}

    record Answer(int exit, String out, String err) {}

    private CommandsHere() {}

    public static void main(String[] args) throws IOException {
        var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        // whoever prints past the command line's own writers must not break the answers
        System.setOut(System.err);
        try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var asked = Json.MAPPER.readValue(line, Asked.class);
                System.setIn(new ByteArrayInputStream(asked.input().getBytes(StandardCharsets.UTF_8)));
                answers.println(Json.text(run(asked.arguments())));
            }
        }
        System.exit(0);
    }

    private static Answer run(List<String> arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
        return new Answer(exit, out.toString(), err.toString());
    }
}
