package fedbiomed.cli.demo;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.function.Supplier;
import picocli.CommandLine;

/** Runs the product's own commands in this JVM: the demo has no other door than a person has. */
final class Commands {
    private final Supplier<CommandLine> commandLine;

    Commands(Supplier<CommandLine> commandLine) {
        this.commandLine = commandLine;
    }

    /** What {@code fedbiomed args...} prints. @throws IllegalStateException with its error text if it fails */
    String run(String... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = commandLine
                .get()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
        if (exit != 0) {
            throw new IllegalStateException(
                    "'fedbiomed " + args[0] + " " + (args.length > 1 ? args[1] : "") + " ...' failed with exit code "
                            + exit + ": " + err.toString().strip());
        }
        return out.toString();
    }
}
