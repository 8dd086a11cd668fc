package fedbiomed.node.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.node.policy.Situation.Moment;
import fedbiomed.node.policy.Situation.Work;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File, ledger and rules together, over time. */
class PolicyGateTest {
    private static final PartyId NODE = PartyId.of("hospital-a");
    private static final PartyId ANA = PartyId.of("ana");
    private static final DatasetDescription HEART = new DatasetDescription(
            "heart-1234", "Heart", "csv", new TreeSet<>(), "", List.of(100L, 3L), List.of(), Sha256.of("heart"));

    @TempDir
    Path home;

    private Instant now = Instant.parse("2026-11-25T12:00:00Z");
    private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);

    @SuppressWarnings("NullAway.Init")
    private NodeDatabase database;

    @BeforeEach
    void open() {
        database = NodeDatabase.open(home);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void policy(String text) throws IOException {
        Files.writeString(home.resolve(PolicyFile.FILE), "time_zone: UTC\n" + text);
    }

    private PolicyGate gate() {
        return new PolicyGate(new PolicyFile(home, NODE, 0, _ -> {}), new UsageLedger(database, clock), NODE, clock);
    }

    private static void assertRefused(Runnable what, String rule) {
        assertThatThrownBy(what::run)
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.rule()).isEqualTo(rule));
    }

    @Test
    void ofManyRequestsAtOnceOnlyAsManyBeginAsADayHasRounds() throws Exception {
        policy("rounds_a_day: 3\n");
        var gate = gate();
        int begun = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new java.util.ArrayList<Future<Boolean>>();
            for (int i = 0; i < 20; i++) {
                var request = "request-" + i;
                all.add(threads.submit(() -> {
                    try {
                        gate.begin(ANA, HEART, Work.TRAIN, request);
                        return true;
                    } catch (FedbiomedException e) {
                        return false;
                    }
                }));
            }
            for (var one : all) {
                begun += one.get() ? 1 : 0;
            }
        }
        assertThat(begun).isEqualTo(3);
        // and a node that was killed and started again does not begin a fourth
        assertRefused(() -> gate().begin(ANA, HEART, Work.TRAIN, "another"), "rounds_a_day");
        now = Instant.parse("2026-11-26T00:00:00Z");
        gate().begin(ANA, HEART, Work.TRAIN, "another");
    }

    @Test
    void aRequestThatIsTakenUpAgainAfterAKillIsAlreadyPaidFor() throws IOException {
        policy("rounds_a_day: 1\n");
        gate().begin(ANA, HEART, Work.TRAIN, "one");
        gate().begin(ANA, HEART, Work.TRAIN, "one");
        assertRefused(() -> gate().begin(ANA, HEART, Work.EVALUATE, "two"), "rounds_a_day");
        gate().begin(ANA, HEART, Work.STATISTICS, "three");
    }

    @Test
    void theHoursOfADayRunOutWhileAWorkerWorks() throws IOException {
        policy("hours_a_day: 1h\n");
        var gate = gate();
        gate.begin(ANA, HEART, Work.TRAIN, "one");
        try (var _ = gate.measure(ANA, HEART, "one")) {
            now = now.plusSeconds(3599);
            gate.require(ANA, HEART, Work.TRAIN, Moment.GOING_ON, null);
            now = now.plusSeconds(1);
            assertRefused(() -> gate.require(ANA, HEART, Work.TRAIN, Moment.GOING_ON, null), "hours_a_day");
            gate.require(ANA, HEART, Work.TRAIN, Moment.LEAVING, "one");
        }
        assertRefused(() -> gate().begin(ANA, HEART, Work.CHECK, "two"), "hours_a_day");
        gate().begin(PartyId.of("ben"), HEART, Work.CHECK, "three");
    }

    @Test
    void whatIsWithdrawnMeanwhileDoesNotLeave() throws IOException {
        policy("researchers: all\n");
        var gate = gate();
        gate.begin(ANA, HEART, Work.EVALUATE, "one");
        assertThat(gate.shows(ANA, HEART)).isTrue();
        policy("metrics_leave: false\n");
        assertRefused(() -> gate.require(ANA, HEART, Work.EVALUATE, Moment.LEAVING, "one"), "metrics_leave");
        policy("datasets: {heart-1234: {researchers: [ben]}}\n");
        assertRefused(() -> gate.require(ANA, HEART, Work.TRAIN, Moment.LEAVING, "one"), "datasets");
        assertThat(gate.shows(ANA, HEART)).isFalse();
        policy("researchers: [ben]\n");
        assertRefused(() -> gate.requireResearcher(ANA), "researchers");
        policy("researchers: [ana\n");
        assertRefused(() -> gate.require(ANA, HEART, Work.TRAIN, Moment.LEAVING, "one"), "policy_file");
        assertRefused(() -> gate.requireResearcher(ANA), "policy_file");
    }
}
