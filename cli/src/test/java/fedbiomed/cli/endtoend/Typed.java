package fedbiomed.cli.endtoend;

import fedbiomed.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/** What somebody typed after {@code fedbiomed}, and what came of it. */
record Typed(int exit, String out, String err) {
    static Typed of(Object... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        return new Typed(exit, out.toString(), err.toString());
    }
}
