package fedbiomed.node.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.tabular.DuckDb;
import fedbiomed.node.registry.DatasetRegistry;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableCommandsTest extends TypedNodeCommands {
    private int add(String kind, String name, List<String> path, String... settings) {
        var arguments = new ArrayList<>(List.of("dataset", "add"));
        arguments.addAll(path);
        arguments.addAll(List.of("--kind", kind, "--name", name));
        for (var setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        return runAtHome(arguments.toArray(String[]::new));
    }

    private List<String> lines() {
        return out.lines().map(line -> line.replaceAll(" +", " ").strip()).toList();
    }

    private String id() {
        return out.lines().skip(2).findFirst().orElseThrow().split(" ")[0];
    }

    private Path sqlite(String... statements) throws SQLException {
        var file = folder.resolve("clinic.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
        return file;
    }

    private List<Path> snapshots() throws IOException {
        try (var files = Files.list(home.resolve("snapshots"))) {
            return files.sorted().toList();
        }
    }

    @Test
    void aParquetFileIsAddedWithDeclaredTypes() throws SQLException {
        var file = folder.resolve("cohort.parquet");
        try (var duckDb = DuckDb.open(List.of(file), "", "0MB");
                var statement = duckDb.createStatement()) {
            statement.execute("COPY (SELECT 61 AS age, 'f' AS sex, DATE '1964-05-01' AS born) TO "
                    + DuckDb.text(file.toString()) + " (FORMAT parquet)");
        }
        assertThat(add("parquet", "Cohort", List.of(file.toString()), "types=sex:categorical(f|m)"))
                .as(err)
                .isZero();
        assertThat(lines())
                .contains("kind parquet", "rows 1", "age integer 0", "born date 0", "sex categorical (f, m) 0");
    }

    @Test
    void aFileOfTabsIsACsvFileAndPostalCodesStayText() throws IOException {
        var file = Files.writeString(folder.resolve("p.tsv"), "zip\tborn\n01067\t2001-02-03\n80331\tNA\n");
        assertThat(add("csv", "P", List.of(file.toString()), "types=zip:text"))
                .as(err)
                .isZero();
        assertThat(lines()).contains("zip text 0", "born date 1");
        assertThat(add("csv", "Q", List.of(file.toString()), "types=zp:text")).isEqualTo(1);
        assertThat(err).contains("'zp'", "zip, born");
        assertThat(add("csv", "Q", List.of(file.toString()), "types=zip:word")).isEqualTo(1);
        assertThat(err).contains("no type 'word'", "categorical");
    }

    @Test
    void aQueryIsSharedAndRefreshedAndItsOldResultGoes() throws SQLException, IOException {
        var database = sqlite(
                "CREATE TABLE visit (age INTEGER, crp REAL, sex TEXT)",
                "INSERT INTO visit VALUES (61, 1.5, 'f'), (55, NULL, 'm')");
        assertThat(add(
                        "sql",
                        "Visits",
                        List.of(),
                        "url=jdbc:sqlite:" + database,
                        "query=SELECT * FROM visit ORDER BY age;"))
                .as(err)
                .isZero();
        assertThat(lines()).contains("rows 2", "age integer 0", "crp real 1", "sex text 0");
        var id = id();
        var first = snapshots();
        assertThat(first).hasSize(1);
        assertThat(runAtHome("dataset", "refresh", id)).as(err).isZero();
        assertThat(out).contains("is as it was", "same 2 rows");
        assertThat(snapshots()).isEqualTo(first);

        try (var state = NodeDatabase.open(home)) {
            var registry = new DatasetRegistry(state, Clock.systemUTC());
            var old = registry.get(id);
            assertThat(old.read().settings()).isEmpty();
            sqlite("INSERT INTO visit VALUES (48, 2.5, NULL)", "ALTER TABLE visit ADD COLUMN ill INTEGER");
            assertThat(runAtHome("dataset", "refresh", id)).as(err).isZero();
            assertThat(lines())
                    .contains(
                            "rows 2 -> 3",
                            "column ill: new, empty, 3 missing",
                            "column sex: text, 0 missing -> text, 1 missing");
            // who asks for the old one by its fingerprint finds another
            assertThat(registry.get(id).description().fingerprint())
                    .isNotEqualTo(old.description().fingerprint());
            registry.requireUnchanged(registry.get(id));
        }
        // the old one is left for those who may be about to open it, then goes
        assertThat(snapshots()).hasSize(2).containsAll(first);
        Files.setLastModifiedTime(first.getFirst(), FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Files.setLastModifiedTime(
                Files.writeString(home.resolve("snapshots/.killed.parquet.part"), "x"),
                FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        assertThat(runAtHome("dataset", "refresh", id)).as(err).isZero();
        assertThat(snapshots()).hasSize(1).doesNotContainAnyElementsOf(first);
        assertThat(runAtHome("dataset", "remove", id)).as(err).isZero();
        assertThat(runAtHome("dataset", "refresh", id)).isEqualTo(1);
        assertThat(err).contains("no dataset '" + id);
    }

    @Test
    void aQueryThatWritesOrIsNoTableIsRefused() throws SQLException, IOException {
        var url = "url=jdbc:sqlite:" + sqlite("CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (1)");
        refused("only reads", url, "query=DELETE FROM t");
        refused("word DELETE", url, "query=WITH x AS (SELECT 1) DELETE FROM t");
        refused("more than one statement", url, "query=SELECT a FROM t; SELECT 2");
        refused("returns no row", url, "query=SELECT a FROM t WHERE a > 5");
        refused("that of another one ('A')", url, "query=SELECT a, 2 AS A FROM t");
        refused("did not answer", url, "query=SELECT b FROM t");
        refused("no driver", "url=jdbc:nosuch://h/d", "query=SELECT 1 AS a");
        refused("needs --set url", "query=SELECT 1 AS a");
        refused("holds a password", "url=jdbc:sqlite:x?password=hunter2", "query=SELECT 1 AS a");
        refused("is of type", url, "query=SELECT x'00' AS scan");
        assertThat(add("sql", "X", List.of(csv.toString()), url, "query=SELECT a FROM t"))
                .isEqualTo(2);
        assertThat(err).contains("has no PATH");
        assertThat(add("csv", "X", List.of())).isEqualTo(2);
        assertThat(err).contains("missing: PATH");
        assertThat(snapshots()).isEmpty();
        assertThat(Files.readString(home.resolve("state.db"), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("hunter2");
    }

    private void refused(String says, String... settings) {
        assertThat(add("sql", "X", List.of(), settings)).as(says).isEqualTo(1);
        assertThat(err).contains(says).doesNotContain("hunter2");
    }

    @Test
    void aDuckDbFileIsOpenedReadOnlyAndReachesNothingElse() throws SQLException {
        var file = folder.resolve("warehouse.duckdb");
        try (var connection = DriverManager.getConnection("jdbc:duckdb:" + file);
                var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE lab AS SELECT i AS patient, DATE '2020-01-01' + i::INTEGER AS day,"
                    + " i % 2 = 0 AS male, (i / 7)::DECIMAL(9, 3) AS value FROM range(3000) t(i)");
        }
        var url = "url=jdbc:duckdb:" + file;
        assertThat(add("sql", "Lab", List.of(), url, "query=FROM lab")).as(err).isZero();
        assertThat(lines()).contains("rows 3000", "patient integer 0", "day date 0", "male boolean 0", "value real 0");
        refused("did not answer", url, "query=SELECT * FROM read_csv('" + csv + "')");
        refused("did not answer", "url=jdbc:duckdb:" + folder.resolve("none.duckdb"), "query=SELECT 1 AS a");
        assertThat(folder.resolve("none.duckdb")).doesNotExist();
    }

    @Test
    void credentialsAreReadFromAFileOfTheNodesAlone() throws SQLException, IOException {
        var url = "url=jdbc:sqlite:" + sqlite("CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (1)");
        var secret = Files.writeString(folder.resolve("db.secret"), "user=reader\npassword=hunter2\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
        refused("chmod 600", url, "query=SELECT a FROM t", "credentials=" + secret);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        assertThat(add("sql", "X", List.of(), url, "query=SELECT a FROM t", "credentials=" + secret))
                .as(err)
                .isZero();
        assertThat(out).contains("set          credentials=" + secret).doesNotContain("hunter2");
        assertThat(Files.readString(home.resolve("state.db"), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("hunter2");
    }

    @Test
    void aSnapshotIsNoFileThatCanBeAddedOtherwise() throws SQLException, IOException {
        var url = "url=jdbc:sqlite:" + sqlite("CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (1)");
        assertThat(add("sql", "X", List.of(), url, "query=SELECT a FROM t"))
                .as(err)
                .isZero();
        assertThat(add("parquet", "Y", List.of(snapshots().getFirst().toString())))
                .isEqualTo(1);
        assertThat(err).contains("lies in this node's home");
        Files.delete(snapshots().getFirst());
        try (var state = NodeDatabase.open(home)) {
            var registry = new DatasetRegistry(state, Clock.systemUTC());
            assertThatThrownBy(() -> registry.requireUnchanged(registry.list().getFirst()))
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATASET_CHANGED));
        }
    }
}
