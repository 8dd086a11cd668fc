package fedbiomed.node.round;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.protocol.home.FileLocks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Workers' folders that several processes make in one place, a node and its data manager's commands: each says whose it
 * is, and those whose owner was killed are removed by whoever comes next.
 */
final class OwnedFolders {
    private static final String OWNER = "owner";
    private static final int MAX_OWNER_BYTES = 64;
    private static final String UNKNOWN = "?";

    private OwnedFolders() {}

    static WorkerFolder create(Path parent) throws IOException {
        AtomicFiles.createOwnerOnlyFolder(parent);
        return FileLocks.holding(parent.resolveSibling(parent.getFileName() + ".lock"), () -> {
            removeAbandoned(parent);
            var folder = WorkerFolder.create(parent);
            AtomicFiles.writeOwnerOnly(
                    folder.root().resolve(OWNER),
                    identity(ProcessHandle.current()).getBytes(StandardCharsets.US_ASCII));
            return folder;
        });
    }

    private static void removeAbandoned(Path parent) throws IOException {
        try (var folders = Files.newDirectoryStream(parent)) {
            for (var folder : folders) {
                if (owner(folder.resolve(OWNER)).isEmpty()) {
                    WorkFolders.remove(folder);
                }
            }
        }
    }

    /** The process that a file names, if it lives: its number may be another's by now. */
    static Optional<ProcessHandle> owner(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        var named = new String(AtomicFiles.readBounded(file, MAX_OWNER_BYTES), StandardCharsets.US_ASCII);
        var number = named.split(" ")[0];
        return number.matches("[0-9]{1,10}") && !named.endsWith(UNKNOWN)
                ? ProcessHandle.of(Long.parseLong(number))
                        .filter(process -> identity(process).equals(named))
                : Optional.empty();
    }

    /** Number and time of start. */
    static String identity(ProcessHandle process) {
        return process.pid() + " "
                + process.info().startInstant().map(Object::toString).orElse(UNKNOWN);
    }
}
