package fedbiomed.researcher.command;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LiveTableTest {
    private static final Participant A = new Participant(PartyId.of("hospital-a"), "heart");
    private static final Participant B = new Participant(PartyId.of("hospital-b"), "heart");
    private static final Participant C = new Participant(PartyId.of("hospital-c"), "heart");

    private long nanos;
    private final LiveTable table = new LiveTable(() -> nanos);

    private void loss(Participant participant, long iteration, double value) {
        table.scalar(new Scalar(1, participant, "training", "loss", iteration, 40, value));
    }

    @Test
    void aRowTellsWhereAParticipantIsAndHowLongItTakes() {
        table.begin(List.of(A, B, C));
        loss(A, 10, 0.6931);
        nanos = TimeUnit.SECONDS.toNanos(20);
        loss(A, 20, 0.5);
        loss(B, 40, 0.25);
        nanos = TimeUnit.SECONDS.toNanos(25);
        assertThat(table.lines(80, 24))
                .containsExactly(
                        "participant           state                              loss      left",
                        "hospital-a/heart      training   [=====     ]  50%     0.5000   0:00:35",
                        "hospital-b/heart      trained    [==========] 100%     0.2500",
                        "hospital-c/heart      waiting");
        loss(B, 30, 0.25); // what comes last need not be the last
        table.changed(B, "answered");
        table.changed(C, "failed: the plan threw in line 7");
        assertThat(table.lines(80, 24).subList(2, 4))
                .containsExactly(
                        "hospital-b/heart      answered   [==========] 100%     0.2500",
                        "hospital-c/heart      failed");
    }

    @Test
    void oneThatIsAskedOnceMoreBeginsAnew() {
        table.begin(List.of(A));
        loss(A, 40, 0.3);
        table.changed(A, "failed: the worker was killed (it is asked once more)");
        assertThat(table.lines(80, 24).getLast()).contains("waiting");
        nanos = TimeUnit.SECONDS.toNanos(100);
        loss(A, 10, 0.6);
        nanos = TimeUnit.SECONDS.toNanos(110);
        loss(A, 20, 0.5);
        assertThat(table.lines(80, 24).getLast()).contains("training", " 50%", "0:00:20");
    }

    @Test
    void tooManyForTheTerminalAreCountedAndThoseThatOneWaitsForAreShown() {
        var all = new ArrayList<Participant>();
        for (int i = 10; i < 30; i++) {
            all.add(new Participant(PartyId.of("hospital-" + i), "heart"));
        }
        table.begin(all);
        all.subList(0, 15).forEach(participant -> table.changed(participant, "answered"));
        var lines = table.lines(80, 8);
        assertThat(lines).hasSize(8);
        assertThat(lines.get(1)).startsWith("hospital-25/heart");
        assertThat(lines.getLast()).isEqualTo("and 14 more: 14 answered");
    }

    @Test
    void noLineFillsTheTerminal() {
        table.begin(List.of(A, new Participant(PartyId.of("h".repeat(63)), "d".repeat(60))));
        loss(A, 10, 123_456_789.0);
        table.scalar(new Scalar(1, A, "training", "loss", Long.MIN_VALUE, Long.MAX_VALUE, Double.NaN));
        for (int columns : new int[] {40, 60, 66, 80, 120, 200}) {
            assertThat(table.lines(columns, 24))
                    .allSatisfy(line -> assertThat(line).hasSizeLessThan(columns));
        }
    }
}
