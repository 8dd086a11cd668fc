package fedbiomed.node.sql;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.ServiceLoader;

/** The JDBC drivers that a node has: its own (DuckDB, SQLite), and archives in its home's folder {@code drivers}. */
final class Drivers implements AutoCloseable {
    static final String FOLDER = "drivers";

    private final Path folder;
    private final URLClassLoader loader;

    private Drivers(Path folder, URLClassLoader loader) {
        this.folder = folder;
        this.loader = loader;
    }

    static Drivers of(Path home) throws IOException {
        var folder = home.resolve(FOLDER);
        var jars = new ArrayList<URL>();
        if (Files.isDirectory(folder)) {
            requireOursAlone(folder);
            try (var files = Files.newDirectoryStream(folder, "*.jar")) {
                for (var jar : files) {
                    requireOursAlone(jar);
                    jars.add(jar.toUri().toURL());
                }
            }
        }
        return new Drivers(folder, new URLClassLoader(jars.toArray(URL[]::new), Drivers.class.getClassLoader()));
    }

    /** What is in there runs with the node's rights. */
    private static void requireOursAlone(Path path) throws IOException {
        if (!Files.getFileStore(path).supportsFileAttributeView("posix")) {
            return;
        }
        var permissions = Files.getPosixFilePermissions(path);
        if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    path
                            + " can be written by others than its owner, and its code would run as this node; do: chmod go-w "
                            + path);
        }
    }

    /** @throws FedbiomedException {@code UNSUPPORTED} if there is none for this URL */
    Driver driver(String url) throws SQLException {
        for (var driver : ServiceLoader.load(Driver.class, loader)) {
            if (driver.acceptsURL(url)) {
                return driver;
            }
        }
        throw new FedbiomedException(
                ErrorCode.UNSUPPORTED,
                "no driver here knows the URL " + Text.shown(url) + "; put your database's JDBC driver (a .jar) into "
                        + folder);
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
