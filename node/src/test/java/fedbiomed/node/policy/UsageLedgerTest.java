package fedbiomed.node.policy;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.node.state.NodeDatabase;
import fedbiomed.vocabulary.PartyId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was used today, across restarts and kills: a ledger that is opened anew on the same state is one. */
class UsageLedgerTest {
    private static final PartyId ANA = PartyId.of("ana");
    private static final PartyId BEN = PartyId.of("ben");
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

    @TempDir
    Path home;

    private Instant now = Instant.parse("2026-11-25T21:00:00Z");
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

    private UsageLedger ledger() {
        return new UsageLedger(database, clock);
    }

    @Test
    void roundsAreCountedByResearcherAndDatasetAndARepeatedRequestIsOne() {
        var ledger = ledger();
        ledger.begin("r1", ANA, "heart", true, PARIS);
        ledger.begin("r1", ANA, "heart", true, PARIS);
        ledger.begin("r2", ANA, "lungs", true, PARIS);
        ledger.begin("r3", ANA, "heart", false, PARIS);
        ledger.begin("r4", BEN, "heart", true, PARIS);
        assertThat(ledger().of(ANA, "heart", null, PARIS)).isEqualTo(new Usage(2, Duration.ZERO, 1, Duration.ZERO));
        assertThat(ledger().of(ANA, "heart", "r2", PARIS).rounds()).isEqualTo(1);
        assertThat(ledger().of(BEN, "lungs", null, PARIS)).isEqualTo(new Usage(1, Duration.ZERO, 0, Duration.ZERO));
    }

    @Test
    void workingTimeGoesOnWhileAWorkerWorksAndOutlivesAKill() {
        var ledger = ledger();
        ledger.begin("r1", ANA, "heart", true, PARIS);
        var meter = ledger.measure("r1", ANA, "heart", PARIS);
        now = now.plusSeconds(3);
        assertThat(ledger.of(ANA, "heart", null, PARIS).worked()).isEqualTo(Duration.ofSeconds(3));
        now = now.plusSeconds(7);
        assertThat(ledger.of(ANA, "lungs", null, PARIS))
                .isEqualTo(new Usage(1, Duration.ofSeconds(10), 0, Duration.ZERO));
        // killed now: the next node has what was saved
        assertThat(ledger().of(ANA, "heart", null, PARIS).worked()).isEqualTo(Duration.ofSeconds(10));
        now = now.plusSeconds(2);
        meter.close();
        now = now.plusSeconds(60);
        assertThat(ledger.of(ANA, "heart", null, PARIS).workedOnDataset()).isEqualTo(Duration.ofSeconds(12));
        assertThat(ledger().of(ANA, "heart", null, PARIS).workedOnDataset()).isEqualTo(Duration.ofSeconds(12));
    }

    @Test
    void aNewDayBeginsAtTheNodesOwnMidnight() {
        var ledger = ledger();
        ledger.begin("r1", ANA, "heart", true, PARIS);
        now = Instant.parse("2026-11-25T22:59:59Z");
        assertThat(ledger.of(ANA, "heart", null, PARIS).rounds()).isEqualTo(1);
        now = Instant.parse("2026-11-25T23:00:00Z");
        assertThat(ledger.of(ANA, "heart", null, PARIS)).isEqualTo(Usage.NONE);
        // taken up again after a restart on the next day: paid for
        ledger.begin("r1", ANA, "heart", true, PARIS);
        assertThat(ledger.of(ANA, "heart", null, PARIS).rounds()).isZero();
    }

    @Test
    void aClockThatIsSetBackGivesNothingBack() {
        var ledger = ledger();
        var meter = ledger.measure("r1", ANA, "heart", PARIS);
        now = now.plusSeconds(30);
        assertThat(ledger.of(ANA, "heart", null, PARIS).worked()).isEqualTo(Duration.ofSeconds(30));
        now = now.minusSeconds(20);
        assertThat(ledger.of(ANA, "heart", null, PARIS).worked()).isEqualTo(Duration.ofSeconds(30));
        meter.close();
        assertThat(ledger.of(ANA, "heart", null, PARIS).worked()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void daysLongPastAreForgotten() {
        var ledger = ledger();
        ledger.begin("r1", ANA, "heart", true, PARIS);
        ledger.sweep();
        assertThat(ledger.today(Policy.DEFAULTS)).hasSize(1);
        now = now.plus(Duration.ofDays(100));
        ledger.sweep();
        now = now.minus(Duration.ofDays(100));
        assertThat(ledger.today(Policy.DEFAULTS)).isEmpty();
    }
}
