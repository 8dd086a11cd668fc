package fedbiomed.training.worker;

import fedbiomed.vocabulary.Scalar;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A real worker: a child JVM with a worker's class path. */
final class WorkerProcess implements AutoCloseable {
    private static final int MAX_SECONDS = 120;

    final Process process;
    final List<Scalar> scalars = new ArrayList<>();
    private final InputStream replies;

    WorkerProcess(String parentClassPath, Path errors) throws IOException {
        var classPath = WorkerClassPath.of(parentClassPath).stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                // hostile plans are to meet the process, not the check of their bytecode
                "-D" + WorkerMain.UNCHECKED_PROPERTY + "=true",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                WorkerMain.class.getName());
        builder.environment().putAll(WorkerMain.ENVIRONMENT);
        process = builder.redirectError(errors.toFile()).start();
        replies = new BufferedInputStream(process.getInputStream());
    }

    /** The last reply; what came before it is in {@link #scalars}. */
    WorkerReply ask(WorkerJob job) throws IOException {
        WorkerFrames.write(process.getOutputStream(), job);
        while (true) {
            var reply = WorkerFrames.read(replies, WorkerReply.class);
            switch (reply) {
                case null -> throw new IOException("the worker ended without a reply");
                case WorkerReply.Progress progress -> scalars.add(progress.scalar());
                case WorkerReply.Done done -> {
                    return done;
                }
                case WorkerReply.Failed failed -> {
                    return failed;
                }
            }
        }
    }

    /** Closes its stdin, as the parent's death does. @return the exit code */
    int end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(MAX_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("the worker outlives its stdin");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
