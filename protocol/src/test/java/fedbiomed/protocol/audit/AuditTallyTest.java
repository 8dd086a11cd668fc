package fedbiomed.protocol.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.message.AuditHead;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditTallyTest {
    private static final int FLOOD = 10_000;

    /** Longer than any test: windows end when the test says so. */
    private static final Duration WINDOW = Duration.ofDays(1);

    @TempDir
    Path home;

    private final List<AuditEvent> events = new ArrayList<>();

    private AuditLog log() {
        return AuditLog.ofNode(home, Clock.systemUTC());
    }

    private List<AuditEvent> events() {
        events.clear();
        log().lines().forEach(line -> events.add(line.event()));
        return events;
    }

    private static AuditEvent refusal(String party, int number) {
        return AuditEvent.of(AuditKind.REQUEST_REFUSED)
                .party(PartyId.of(party))
                .request("request-" + number)
                .code(ErrorCode.UNTRUSTED_SENDER)
                .bytesOut(10)
                .build();
    }

    /** How many events the lines stand for. */
    private long told() {
        long told = 0;
        for (var event : events()) {
            Long count = event.count();
            told += count == null ? 1 : count;
        }
        return told;
    }

    @Test
    void aFloodOfRefusalsIsTwoLinesThatTellHowManyThereWere() {
        try (var tally = new AuditTally(log(), WINDOW)) {
            for (int i = 0; i < FLOOD; i++) {
                tally.record(refusal("mallory", i));
            }
            tally.record(refusal("ana", 1));
            assertThat(events()).hasSize(2);
            assertThat(events.getFirst().request()).isEqualTo("request-0");
        }
        assertThat(events()).hasSize(3);
        assertThat(events.getLast().count()).isEqualTo(FLOOD - 1L);
        assertThat(events.getLast().bytesOut()).isEqualTo(10L * (FLOOD - 1));
        assertThat(events.getLast().party()).isEqualTo("mallory");
        assertThat(events.getLast().request()).isNull();
        assertThat(log().verify(AuditHead.EMPTY).fault()).isNull();
    }

    @Test
    void aNewWindowBeginsWithALine() {
        try (var tally = new AuditTally(log(), WINDOW)) {
            tally.record(refusal("ana", 1));
            tally.record(refusal("ana", 2));
            tally.endWindow();
            tally.record(refusal("ana", 3));
        }
        assertThat(events()).hasSize(3);
        assertThat(events.get(1).count()).isEqualTo(1);
        assertThat(events.get(2).request()).isEqualTo("request-3");
    }

    @Test
    void manySortsAndManyPartiesAreBounded() {
        try (var tally = new AuditTally(log(), WINDOW)) {
            for (int i = 0; i < FLOOD; i++) {
                tally.record(AuditEvent.of(AuditKind.QUESTION_ANSWERED)
                        .party(PartyId.of("mallory"))
                        .dataset("dataset-" + i)
                        .build());
            }
            for (int i = 0; i < FLOOD; i++) {
                tally.record(refusal("party-" + i, i));
            }
        }
        assertThat(told()).as("nothing is lost").isEqualTo(2L * FLOOD);
        assertThat(events).hasSizeLessThan(2 * (AuditTally.MAX_OF_PARTY + AuditTally.MAX_PARTIES) + 4);
        assertThat(events.stream().filter(event -> "mallory".equals(event.party())))
                .hasSize(AuditTally.MAX_OF_PARTY + 2);
    }

    @Test
    void aFirstThatCannotBeRecordedIsToldAndACountThatCannotWaits() throws IOException {
        var file = home.resolve(AuditLog.FILE);
        try (var tally = new AuditTally(log(), WINDOW)) {
            tally.record(refusal("ana", 1));
            tally.record(refusal("ana", 2));
            var whole = Files.readString(file);
            Files.writeString(file, whole.replace("request-1", "request-9"));
            tally.endWindow();
            assertThatThrownBy(() -> tally.record(refusal("bob", 1))).isInstanceOf(FedbiomedException.class);
            Files.writeString(file, whole);
        }
        assertThat(told()).isEqualTo(2);
    }
}
