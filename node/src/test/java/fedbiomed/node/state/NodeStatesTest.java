package fedbiomed.node.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.identity.Fingerprint;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeStatesTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final NodeStates.Limits LIMITS = new NodeStates.Limits(3, Duration.ofDays(30), 1000);
    private static final Fingerprint KEYS = Fingerprint.parse("A".repeat(32));
    private static final NodeStates.Owner ANA =
            new NodeStates.Owner(PartyId.of("ana"), KEYS, "sick", Sha256.of("rows"), new PlanId(Sha256.of("plan")));

    @TempDir
    Path home;

    private NodeDatabase database;
    private NodeStates states;

    @BeforeEach
    void open() {
        database = NodeDatabase.open(home);
        database.change(handle -> handle.execute("INSERT INTO dataset (id, name, path, description, file_state, added)"
                + " VALUES ('sick', 'sick', '/x', '{}', '', 0)"));
        states = at(NOW, LIMITS);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private NodeStates at(Instant instant, NodeStates.Limits limits) {
        return NodeStates.open(home, database, limits, Clock.fixed(instant, ZoneOffset.UTC));
    }

    private static String id(String round) {
        return Sha256.of(round);
    }

    private void keep(NodeStates.Owner owner, String run, String round, @Nullable String before) throws IOException {
        var file = Files.writeString(home.resolve("state-after"), "what " + round + " left");
        states.keep(owner, run, id(round), before == null ? null : id(before), file);
    }

    private String brought(NodeStates.Owner owner, String round) throws IOException {
        var target = home.resolve("state-before");
        Files.deleteIfExists(target);
        states.bring(owner, id(round), target);
        return Files.readString(target);
    }

    private void assertNotThere(NodeStates.Owner owner, String round) {
        assertThatThrownBy(() -> brought(owner, round))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_UNAVAILABLE))
                .hasMessageContaining("no state of your request " + id(round).substring(0, 12))
                .hasMessageContaining(
                        "last 3 trainings (state_versions in its configuration), for 30d (state_lifetime)")
                .hasMessageContaining("initial_model");
    }

    private List<String> files() throws IOException {
        try (var files = Files.list(home.resolve("states"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void whoFillsTheDiskDrivesOutTheirOwnStatesFirst() throws IOException {
        var bob = new NodeStates.Owner(PartyId.of("bob"), KEYS, "sick", ANA.datasetFingerprint(), ANA.plan());
        states = at(NOW, new NodeStates.Limits(3, Duration.ofDays(30), 30));
        keep(bob, "run-b", "b", null);
        states = at(NOW.plusSeconds(60), new NodeStates.Limits(3, Duration.ofDays(30), 30));
        for (var round : List.of("1", "2", "3")) {
            keep(ANA, "run-" + round, round, null);
        }
        assertThat(brought(bob, "b")).isEqualTo("what b left");
        assertThat(brought(ANA, "3")).isEqualTo("what 3 left");
        assertNotThere(ANA, "1");
    }

    @Test
    void whatWasKeptIsThereForItsOwnAloneAlsoInAnotherRunAndAfterARestart() throws IOException {
        keep(ANA, "run-1", "1", null);
        database.close();
        database = NodeDatabase.open(home);
        states = at(NOW, LIMITS);
        states.sweep();
        assertThat(brought(ANA, "1")).isEqualTo("what 1 left");

        var rows = ANA.datasetFingerprint();
        for (var other : List.of(
                new NodeStates.Owner(PartyId.of("bob"), KEYS, "sick", rows, ANA.plan()),
                new NodeStates.Owner(ANA.researcher(), Fingerprint.parse("B".repeat(32)), "sick", rows, ANA.plan()),
                new NodeStates.Owner(ANA.researcher(), KEYS, "well", rows, ANA.plan()),
                new NodeStates.Owner(ANA.researcher(), KEYS, "sick", Sha256.of("other rows"), ANA.plan()),
                new NodeStates.Owner(ANA.researcher(), KEYS, "sick", rows, new PlanId(Sha256.of("other"))))) {
            assertNotThere(other, "1");
        }
        assertNotThere(ANA, "never trained");
        // the same training done again, after a crash before its answer was kept
        keep(ANA, "run-1", "1", null);
        assertThat(brought(ANA, "1")).isEqualTo("what 1 left");
        assertThat(files()).hasSize(1);
    }

    @Test
    void theLastVersionsOfARunStayAndWhatDiscardedTrainingsStartedFrom() throws IOException {
        keep(ANA, "run-1", "1", null);
        keep(ANA, "run-1", "2", "1");
        keep(ANA, "run-1", "3", "2");
        keep(ANA, "run-2", "branch", "1");
        assertThat(brought(ANA, "1")).isEqualTo("what 1 left");
        keep(ANA, "run-1", "4", "3");
        assertNotThere(ANA, "1");
        assertThat(brought(ANA, "2")).isEqualTo("what 2 left");
        // none of these is accepted: each starts from 4 again
        for (var discarded : List.of("5", "5 again", "6", "6 again")) {
            keep(ANA, "run-1", discarded, "4");
        }
        assertThat(brought(ANA, "4")).isEqualTo("what 4 left");
        assertThat(brought(ANA, "branch")).isEqualTo("what branch left");
        assertThat(files()).containsExactlyInAnyOrder(id("4"), id("6"), id("6 again"), id("branch"));
    }

    @Test
    void beyondTheDiskWhatWasUsedLongestAgoGoes() throws IOException {
        states = at(NOW, new NodeStates.Limits(3, Duration.ofDays(30), 40));
        keep(ANA, "run-1", "1", null);
        states = at(NOW.plusSeconds(1), new NodeStates.Limits(3, Duration.ofDays(30), 40));
        keep(ANA, "run-2", "2", null);
        states = at(NOW.plusSeconds(2), new NodeStates.Limits(3, Duration.ofDays(30), 40));
        keep(ANA, "run-3", "3", null);
        states = at(NOW.plusSeconds(3), new NodeStates.Limits(3, Duration.ofDays(30), 40));
        assertThat(brought(ANA, "2")).as("used again").isNotEmpty();
        keep(ANA, "run-4", "4", null);
        assertThat(files()).containsExactlyInAnyOrder(id("2"), id("3"), id("4"));
    }

    @Test
    void whatNobodyCanStartFromIsSwept() throws IOException {
        keep(ANA, "run-1", "old", null);
        states = at(NOW.plus(Duration.ofDays(20)), LIMITS);
        keep(ANA, "run-2", "young", null);
        Files.writeString(home.resolve("states/." + id("half") + ".part"), "hal");
        Files.writeString(home.resolve("states").resolve(id("no row")), "killed in between");
        states = at(NOW.plus(Duration.ofDays(31)), LIMITS);
        states.sweep();
        assertThat(files()).containsExactly(id("young"));

        database.change(handle -> handle.execute("DELETE FROM dataset"));
        states.sweep();
        assertThat(files()).isEmpty();
        assertNotThere(ANA, "young");
    }

    @Test
    void aFileThatIsLostOrDamagedIsNotStartedFrom() throws IOException {
        keep(ANA, "run-1", "1", null);
        keep(ANA, "run-1", "2", "1");
        Files.writeString(home.resolve("states").resolve(id("1")), "what 1 left, changed");
        Files.delete(home.resolve("states").resolve(id("2")));
        assertNotThere(ANA, "1");
        assertNotThere(ANA, "2");
    }
}
