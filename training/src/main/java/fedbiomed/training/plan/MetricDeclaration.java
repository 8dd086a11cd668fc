package fedbiomed.training.plan;

import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The plan's own metrics as its text declares them: the names that stand, written out, in its {@code testingMetrics()}.
 * Read from the text alone, nothing of the plan runs, so that it is what the data manager has seen, whatever a process
 * says that ran the plan.
 *
 * @param texts every string that is written out anywhere in the plan
 */
public record MetricDeclaration(Set<String> names, Set<String> texts) {
    private static final String METHOD = "testingMetrics";

    private static final MetricDeclaration NONE = new MetricDeclaration(Set.of(), Set.of());

    /** As {@link #of}; a text that neither names the method nor has escapes in its strings declares nothing more by itself. */
    public static MetricDeclaration where(PlanSource source) {
        var text = source.text();
        return text.contains(METHOD) || text.indexOf('\\') >= 0 ? of(source) : NONE;
    }

    /** No names where the plan has no such method, or does not parse: then it does not compile either. */
    public static MetricDeclaration of(PlanSource source) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL, "this Java has no compiler (a JRE); start with a JDK, 25 or newer");
        }
        var names = new TreeSet<String>();
        var texts = new TreeSet<String>();
        try {
            var file = MemoryFiles.source(source.className(), source.text());
            var task = (JavacTask) compiler.getTask(
                    new StringWriter(),
                    null,
                    new DiagnosticCollector<JavaFileObject>(),
                    List.of("-proc:none"),
                    null,
                    List.of(file));
            for (var unit : task.parse()) {
                new Texts(names, texts).scan(unit, null);
            }
        } catch (IOException | IllegalStateException | StackOverflowError e) {
            // the parser wraps what it cannot go on with, as nesting that is too deep for its stack
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan's text cannot be read for the names of its metrics; it is no Java, or nested too deeply:"
                            + " write it in plainer statements",
                    e);
        }
        return new MetricDeclaration(Set.copyOf(names), Set.copyOf(texts));
    }

    /** @throws FedbiomedException {@code PLAN_INVALID}; told where no data has been seen, so by name */
    public void requireWritten(List<String> told) {
        for (var name : told) {
            if (!names.contains(name)) {
                throw new FedbiomedException(
                        ErrorCode.PLAN_INVALID,
                        "the plan declares a metric '" + name + "' whose name does not stand in its " + METHOD
                                + "(); write each name out there, as in List.of(\"" + name
                                + "\"), so that a data manager sees what leaves");
            }
        }
    }

    private static final class Texts extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final Set<String> names;
        private final Set<String> texts;
        private boolean inside;

        Texts(Set<String> names, Set<String> texts) {
            this.names = names;
            this.texts = texts;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree method, @Nullable Void none) {
            boolean before = inside;
            inside |= method.getName().contentEquals(METHOD)
                    && method.getParameters().isEmpty();
            super.visitMethod(method, none);
            inside = before;
            return null;
        }

        @Override
        public @Nullable Void visitLiteral(LiteralTree literal, @Nullable Void none) {
            if (literal.getValue() instanceof String text) {
                texts.add(text);
                if (inside) {
                    names.add(text);
                }
            }
            return null;
        }
    }
}
