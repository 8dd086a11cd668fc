package fedbiomed.node.round;

import fedbiomed.protocol.home.AtomicFiles;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * DuckDB's archive taken apart, once for a version: its classes in an archive of the same name, and beside it this
 * machine's library, where the driver looks for it. As it comes, the driver unpacks 70 MB into its process's temporary
 * folder at each start, which in a worker is small and no plan's business.
 */
final class DuckDbLibrary {
    private static final String LIBRARY_PREFIX = "libduckdb_java.so_";
    private static final String JAR = "duckdb_jdbc-[0-9].*\\.jar";

    private final Path cache;

    DuckDbLibrary(Path cache) {
        this.cache = cache;
    }

    /** Whether an entry of a class path is DuckDB's archive. */
    static boolean isDuckDb(Path entry) {
        return String.valueOf(entry.getFileName()).matches(JAR);
    }

    static List<Path> without(List<Path> classPath) {
        return classPath.stream().filter(entry -> !isDuckDb(entry)).toList();
    }

    /**
     * The class path with the small archive, instead of DuckDB's own, as its last entry; the library lies in the same
     * folder. A process's cache fits class paths that begin alike.
     */
    List<Path> prepared(List<Path> classPath) throws IOException {
        var prepared = new ArrayList<>(without(classPath));
        for (var entry : classPath) {
            if (isDuckDb(entry)) {
                prepared.add(unpacked(entry));
            }
        }
        return prepared;
    }

    private synchronized Path unpacked(Path jar) throws IOException {
        var state = jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar);
        var folder = cache.resolve(Sha256.of(state).substring(0, 16));
        var small = folder.resolve(String.valueOf(jar.getFileName()));
        if (Files.exists(small)) {
            return small;
        }
        Files.createDirectories(cache);
        var aside = Files.createTempDirectory(cache, ".part");
        try {
            unpack(jar, aside);
            sync(aside);
            Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // another process may have been faster
            if (!Files.exists(small)) {
                throw e;
            }
        } finally {
            WorkFolders.remove(aside);
        }
        return small;
    }

    private static void sync(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
            }
        }
        AtomicFiles.syncFolder(folder);
    }

    private static void unpack(Path jar, Path folder) throws IOException {
        var library = LIBRARY_PREFIX + "linux_" + architecture();
        try (var from = new JarFile(jar.toFile());
                var small = new JarOutputStream(Files.newOutputStream(folder.resolve(jar.getFileName())))) {
            for (var entry : (Iterable<JarEntry>) from.stream()::iterator) {
                if (entry.getName().equals(library)) {
                    try (var in = from.getInputStream(entry)) {
                        Files.copy(in, folder.resolve(library));
                    }
                } else if (!entry.getName().startsWith(LIBRARY_PREFIX)) {
                    small.putNextEntry(new JarEntry(entry.getName()));
                    try (var in = from.getInputStream(entry)) {
                        in.transferTo(small);
                    }
                    small.closeEntry();
                }
            }
        }
        if (!Files.exists(folder.resolve(library))) {
            throw new IOException(jar.getFileName() + " has no library for this machine (" + library + ")");
        }
    }

    private static String architecture() {
        var name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return name.equals("x86_64") || name.equals("amd64") ? "amd64" : "arm64";
    }
}
