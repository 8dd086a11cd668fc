package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.DatasetKinds;
import fedbiomed.node.command.NodeCommand;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.registry.RegisteredDataset;
import fedbiomed.node.round.SandboxKind;
import fedbiomed.node.state.NodeDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code node dataset refresh} as a process, killed at several moments: the old result is there, or the new one. */
class KilledRefreshTest {
    private static final int ROWS = 200_000;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** So far a refresh has come. One that nobody saw has passed where a later one is seen. */
    private enum Moment {
        WRITES_BESIDE,
        HAS_WRITTEN,
        HAS_ITS_FILE,
        IS_REGISTERED
    }

    @TempDir
    Path folder;

    private Path home = Path.of("");

    @Test
    void theRegistryHasTheOldResultOrTheNewOneWheneverItIsKilled() throws Exception {
        try (var federation = new TestFederation(folder)) {
            home = federation.initNode("hospital-a");
            Files.writeString(
                    home.resolve("config.yaml"),
                    "sandbox: " + (Sandboxes.HERE == SandboxKind.BUBBLEWRAP ? "bubblewrap" : "jvm-only") + "\n");
            var url = "jdbc:sqlite:" + folder.resolve("clinic.db");
            change(
                    url,
                    "CREATE TABLE visit AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
                            + ROWS + ") SELECT i AS patient, i * 0.37 AS crp FROM n");
            command(
                    "dataset",
                    "add",
                    "--kind=sql",
                    "--name=Visits",
                    "--set=url=" + url,
                    "--set=query=SELECT * FROM visit");
            try (var database = NodeDatabase.open(home)) {
                var registry = new DatasetRegistry(database, Clock.systemUTC());
                for (var moment : Moment.values()) {
                    killedAt(moment, registry, url);
                }
                // whoever comes next is not held up, and has the newest
                command("dataset", "refresh", registered(registry).id());
                assertThat(registered(registry).description().rows()).isEqualTo(ROWS + Moment.values().length);
            }
            for (var left : snapshots()) {
                Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
            }
            try (var node = Node.open(home, Clock.systemUTC())) {
                node.start();
                assertThat(snapshots())
                        .as("a node's start removes the rest")
                        .containsExactly(registered(node.datasets()).path());
            }
        }
    }

    private void killedAt(Moment moment, DatasetRegistry registry, String url) throws Exception {
        var before = registered(registry);
        var old = snapshots();
        long rows = ROWS + moment.ordinal() + 1;
        change(url, "INSERT INTO visit VALUES (" + rows + ", 1.5)");
        var refresh = refresh(before.id());
        Awaitility.await()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> !refresh.isAlive() || reached(moment, registry, before, old));
        refresh.destroyForcibly().waitFor();
        var now = registered(registry);
        assertThat(now.description().rows())
                .as("%s", moment)
                .isIn(before.description().rows(), rows);
        assertThat(DatasetKinds.fingerprint(now.read()))
                .as("%s: what is registered is what lies there", moment)
                .hasValue(now.description().fingerprint());
        if (moment == Moment.IS_REGISTERED) {
            assertThat(now.description().rows()).isEqualTo(rows);
        }
    }

    private boolean reached(Moment moment, DatasetRegistry registry, RegisteredDataset before, Set<Path> old)
            throws IOException {
        var suffix = switch (moment) {
            case WRITES_BESIDE -> ".spill";
            case HAS_WRITTEN -> ".part";
            case HAS_ITS_FILE -> ".parquet";
            case IS_REGISTERED -> "";
        };
        return suffix.isEmpty()
                ? !registered(registry).path().equals(before.path())
                : snapshots().stream()
                        .filter(file -> !old.contains(file))
                        .map(Path::toString)
                        .anyMatch(name -> name.endsWith(suffix) || name.endsWith(".parquet"));
    }

    private static RegisteredDataset registered(DatasetRegistry registry) {
        return registry.list().getFirst();
    }

    private Set<Path> snapshots() throws IOException {
        try (var files = Files.list(home.resolve("snapshots").toRealPath())) {
            return files.collect(Collectors.toSet());
        }
    }

    private static void change(String url, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void command(String... arguments) {
        assertThat(new CommandLine(new NodeCommand())
                        .setOut(new PrintWriter(Writer.nullWriter()))
                        .execute(java.util.stream.Stream.concat(
                                        java.util.Arrays.stream(arguments),
                                        java.util.stream.Stream.of("--home=" + home))
                                .toArray(String[]::new)))
                .isZero();
    }

    private Process refresh(String id) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NodeMain.class.getName(),
                        "dataset",
                        "refresh",
                        id,
                        "--home=" + home))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
