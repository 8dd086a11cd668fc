package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fedbiomed.node.HostileModelTest;
import fedbiomed.node.HostilePlanTest;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The hostile plans once more, by a node that runs as an ordinary user: a child JVM under another user id, with a class
 * path and a temporary folder of its own. Where the tests themselves run as an ordinary user there is nothing to add.
 */
class OrdinaryUserTest {
    private static final int NOBODY = 65_534;
    private static final long PATIENCE_MINUTES = 20;
    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    @TempDir
    Path folder;

    @Test
    void theWallsStandAroundAnOrdinaryUsersNodeToo() throws Exception {
        passes(ProcessWallTest.class, NativeWallTest.class);
    }

    /** What a node does with hostile plans and models, whoever's it is. */
    @Test
    @Tag("campaign")
    void anOrdinaryUsersNodeAnswersAndGoesOn() throws Exception {
        passes(HostilePlanTest.class, HostileModelTest.class);
    }

    private void passes(Class<?>... classes) throws IOException, InterruptedException {
        assumeTrue(isRoot(), "these tests run as an ordinary user already");
        assumeTrue(Files.isExecutable(SETPRIV), "there is no " + SETPRIV + " (util-linux) to become another user");
        // every folder on the way must let the other user pass
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var temporary = Files.createDirectory(folder.resolve("tmp"));
        Files.setAttribute(temporary, "unix:uid", NOBODY);
        Files.setAttribute(temporary, "unix:gid", NOBODY);
        var lines = run(temporary, classes);
        var said = String.join("\n", lines);
        assertThat(lines).as(said).noneMatch(line -> line.startsWith("FAILED"));
        var skipped = lines.stream().filter(line -> line.startsWith("ABORTED")).toList();
        assumeTrue(skipped.isEmpty(), "an ordinary user cannot have a sandbox here: " + skipped);
        long least = Arrays.stream(classes).mapToInt(OrdinaryUserTest::tests).sum();
        assertThat(lines.stream().filter(line -> line.startsWith("SUCCESSFUL")).count())
                .as(said)
                .isGreaterThanOrEqualTo(least);
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    private static int tests(Class<?> type) {
        return (int) Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .count();
    }

    private List<String> run(Path temporary, Class<?>... classes) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                SETPRIV.toString(),
                "--reuid=" + NOBODY,
                "--regid=" + NOBODY,
                "--clear-groups",
                WorkerProcess.java(),
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-Duser.home=" + temporary,
                "-cp",
                WorkerProcess.joined(readableClassPath()),
                SuiteMain.class.getName()));
        Arrays.stream(classes).map(Class::getName).forEach(command::add);
        var output = folder.resolve("output");
        var process = new ProcessBuilder(command)
                .directory(temporary.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
                    .as("it ends")
                    .isTrue();
        } finally {
            WorkerProcess.kill(process);
        }
        return Files.readAllLines(output, StandardCharsets.UTF_8);
    }

    /** What a user's own repository and build hold nobody else may be able to read. */
    private List<Path> readableClassPath() throws IOException {
        var libraries = Files.createDirectory(folder.resolve("lib"));
        var readable = new ArrayList<Path>();
        for (var entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            var source = Path.of(entry);
            if (Files.exists(source)) {
                var target = Files.createDirectory(libraries.resolve(String.valueOf(readable.size())))
                        .resolve(source.getFileName());
                if (Files.isDirectory(source)) {
                    copy(source, target);
                } else {
                    link(source, target);
                }
                readable.add(target);
            }
        }
        return readable;
    }

    private static void link(Path source, Path target) throws IOException {
        try {
            Files.createLink(target, source.toRealPath());
        } catch (UnsupportedOperationException | IOException _) {
            Files.copy(source, target); // on another file system
        }
        assertThat(Files.getPosixFilePermissions(target))
                .as("%s", source)
                .contains(java.nio.file.attribute.PosixFilePermission.OTHERS_READ);
    }

    private static void copy(Path source, Path target) throws IOException {
        Files.walkFileTree(source, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectory(target.resolve(source.relativize(folder)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, target.resolve(source.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
