package fedbiomed.node.command;

import fedbiomed.node.Sandboxes;
import fedbiomed.node.round.SandboxKind;
import fedbiomed.protocol.command.FedbiomedCommandLine;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What a data manager types at a node's home, and what comes back. */
abstract class TypedNodeCommands {
    protected static final String CSV = "age,sex,ill\n61,f,1\n55,,0\n48,m,1\n";

    @TempDir
    protected Path folder;

    protected Path home;
    protected Path csv;
    protected String out = "";
    protected String err = "";

    @BeforeEach
    void aHome() throws IOException {
        home = Files.createDirectory(folder.resolve("node"));
        Identity.create(PartyId.of("hospital-a"), home);
        Files.writeString(
                home.resolve("config.yaml"),
                "sandbox: " + (Sandboxes.HERE == SandboxKind.BUBBLEWRAP ? "bubblewrap" : "jvm-only") + "\n");
        csv = Files.writeString(folder.resolve("patients.csv"), CSV);
    }

    protected int run(String... arguments) {
        var outText = new StringWriter();
        var errText = new StringWriter();
        int exit = FedbiomedCommandLine.of(new NodeCommand())
                .setOut(new PrintWriter(outText))
                .setErr(new PrintWriter(errText))
                .execute(arguments);
        out = outText.toString();
        err = errText.toString();
        return exit;
    }

    protected int runAtHome(String... arguments) {
        var all = new java.util.ArrayList<>(java.util.List.of(arguments));
        all.add("--home");
        all.add(home.toString());
        return run(all.toArray(String[]::new));
    }
}
