package fedbiomed.cli.guides;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;

/** Java code of a page, compiled against the program, all of it at once. */
final class JavaSnippets {
    private static final Pattern CLASS = Pattern.compile("public (?:final )?class (\\w+)");

    /** What a page speaks of without saying where it comes from. */
    private static final String AROUND = """
            import fedbiomed.researcher.*;
            import fedbiomed.researcher.aggregator.*;
            import fedbiomed.researcher.experiment.*;
            import fedbiomed.researcher.notebook.*;
            import fedbiomed.researcher.strategy.*;
            import fedbiomed.simulation.*;
            import fedbiomed.vocabulary.*;
            import java.nio.file.*;
            import java.time.*;
            import java.util.*;

            abstract class %s {
                Researcher researcher;
                ExperimentBuilder builder;
                Experiment experiment;
                Path folder, home, plan;

                void code() throws Exception {
            %s
                }
            }
            """;

    /** A hook of a plan that a page tells by its head. */
    private static final String PLAN = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;
            import java.util.*;

            abstract class %s extends TorchPlan {
                @Override
                public abstract %s;
            }
            """;

    private final Path folder;
    private final List<Path> files = new ArrayList<>();
    private final List<String> places = new ArrayList<>();

    JavaSnippets(Path folder) {
        this.folder = folder;
    }

    /**
     * Adds code.
     *
     * @param place said if it does not compile
     * @param text a source file, or statements
     */
    void add(String place, String text) throws IOException {
        var named = CLASS.matcher(text);
        boolean whole = named.find();
        write(place, whole ? named.group(1) : "Snippet", whole ? text : AROUND.formatted("Snippet", text));
    }

    /** @param head such as {@code TorchModule model(Args args)} */
    void addHook(String place, String head) throws IOException {
        write(place, "Hook", PLAN.formatted("Hook", head));
    }

    private void write(String place, String name, String source) throws IOException {
        var own = Files.createDirectories(folder.resolve("snippet-" + files.size()));
        files.add(Files.writeString(own.resolve(name + ".java"), "package snippet" + files.size() + ";\n" + source));
        places.add(place);
    }

    void compile() throws IOException {
        if (files.isEmpty()) {
            return;
        }
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var manager = compiler.getStandardFileManager(null, null, null)) {
            var said = new StringWriter();
            var options = List.of(
                    "-proc:none",
                    "-d",
                    Files.createDirectories(folder.resolve("classes")).toString(),
                    "-cp",
                    System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(
                            said, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
            assertThat(compiled).as("%s%n%s", places, said).isTrue();
        }
    }
}
