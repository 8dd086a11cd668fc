package fedbiomed.node.round;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.training.worker.NativesMain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** PyTorch's libraries, unpacked once from their archives, outside of any sandbox and before any plan. */
final class NativeLibraries {
    private static final String MARK = "unpacked";
    private static final int MAX_MARK_BYTES = 64 << 10;
    private static final int PATIENCE_SECONDS = 300;

    private final Path cache;
    private final List<Path> classPath;

    NativeLibraries(Path cache, List<Path> classPath) {
        this.cache = cache;
        this.classPath = classPath;
    }

    /** Folders as the loader made them, one an archive. By one thread at a time: two would write over each other's files. */
    List<Path> unpacked() throws IOException {
        Files.createDirectories(cache);
        if (!marked().equals(mark())) {
            unpack();
            AtomicFiles.write(cache.resolve(MARK), mark().getBytes(StandardCharsets.UTF_8));
        }
        return folders();
    }

    private List<Path> folders() throws IOException {
        try (var entries = Files.list(cache)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        }
    }

    /** Other archives are unpacked anew. */
    private String mark() throws IOException {
        var mark = new StringBuilder();
        for (var entry : classPath) {
            mark.append(entry)
                    .append(' ')
                    .append(Files.getLastModifiedTime(entry))
                    .append('\n');
        }
        return mark.toString();
    }

    private String marked() throws IOException {
        var file = cache.resolve(MARK);
        return Files.exists(file)
                ? new String(AtomicFiles.readBounded(file, MAX_MARK_BYTES), StandardCharsets.UTF_8)
                : "";
    }

    private void unpack() throws IOException {
        var command = new ArrayList<>(List.of(
                WorkerProcess.java(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.bytedeco.javacpp.cachedir=" + cache,
                "-cp",
                WorkerProcess.joined(classPath),
                NativesMain.class.getName()));
        var log = cache.resolve("unpacking.log");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("PyTorch's libraries could not be unpacked; see " + log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the unpacking was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
