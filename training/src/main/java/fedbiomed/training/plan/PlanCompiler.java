package fedbiomed.training.plan;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/**
 * Turns a plan's text into classes, in memory: nothing is written, and no annotation processor runs (one on the class
 * path would be code that nobody approved).
 */
public final class PlanCompiler {
    /** More errors than these help nobody. */
    private static final int MAX_ERRORS_SHOWN = 5;

    private static final int MAX_MESSAGE_CHARS = 300;

    private final String classPath;
    private final ClassCheck check;

    /**
     * @param classPath what a plan may be compiled against
     * @param check called for each class before any is defined
     */
    public PlanCompiler(List<Path> classPath, ClassCheck check) {
        this.classPath = classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        this.check = check;
    }

    /** @throws FedbiomedException {@code PLAN_INVALID} with line and message of the first errors, or a Unicode escape */
    public CompiledPlan compile(PlanSource source) {
        source.requireReadable();
        var className = source.className();
        var compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL, "this Java has no compiler (a JRE); start with a JDK, 25 or newer");
        }
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        try (var standard = compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8);
                var files = new MemoryFiles(standard)) {
            var options = List.of("-proc:none", "-implicit:none", "-g", "-nowarn", "-Xlint:none", "-cp", classPath);
            var unit = MemoryFiles.source(className, source.text());
            var task = compiler.getTask(new StringWriter(), files, diagnostics, options, null, List.of(unit));
            if (!task.call()) {
                throw new FedbiomedException(ErrorCode.PLAN_INVALID, errors(diagnostics.getDiagnostics()));
            }
            return new CompiledPlan(className, files.classes(), check);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.INTERNAL,
                    "cannot read the class path that plans are compiled against ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    private static String errors(List<Diagnostic<? extends JavaFileObject>> diagnostics) {
        var errors = diagnostics.stream()
                .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
                .toList();
        var shown = errors.stream()
                .limit(MAX_ERRORS_SHOWN)
                .map(d -> (d.getLineNumber() > 0 ? "line " + d.getLineNumber() + ": " : "")
                        + Text.shown(d.getMessage(Locale.ROOT).replace('\n', ' '), MAX_MESSAGE_CHARS))
                .collect(Collectors.joining("\n"));
        var more = errors.size() - MAX_ERRORS_SHOWN;
        return "the plan does not compile:" + (errors.size() == 1 ? " " : "\n") + shown
                + (more > 0 ? "\nand " + more + " more" : "");
    }
}
