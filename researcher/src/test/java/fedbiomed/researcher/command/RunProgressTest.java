package fedbiomed.researcher.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fedbiomed.protocol.command.Terminal;
import fedbiomed.researcher.experiment.RoundSummary;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Scalar;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RunProgressTest {
    private static final Participant A = new Participant(PartyId.of("hospital-a"), "heart");
    private static final SortedSet<Participant> BOTH =
            new TreeSet<>(List.of(A, new Participant(PartyId.of("hospital-b"), "heart")));

    private static RoundSummary summary(int round) {
        return new RoundSummary(
                round,
                List.of(),
                List.of(),
                new TreeMap<>(),
                new TreeMap<>(),
                new LinkedHashMap<>(),
                new LinkedHashMap<>());
    }

    private static void run(RunProgress progress, int first, int last, int rounds, SortedSet<Participant> asked) {
        for (int round = first; round <= last; round++) {
            progress.roundStarted(round, rounds, asked);
            progress.scalar(new Scalar(round, A, "training", "loss", 5, 10, 0.5));
            progress.participantChanged(round, A, "answered");
            progress.roundFinished(summary(round));
        }
    }

    @Test
    void whereAPersonWatchesTheTableStandsBelowTheRoundsLines() {
        var screen = new VirtualScreen(10, 80);
        try (var progress = new RunProgress(
                new PrintWriter(new StringWriter()), screen.stream(), () -> new Terminal.Size(10, 80))) {
            run(progress, 1, 2, 3, BOTH);
            progress.notice("a node is slow");
            await().untilAsserted(() -> {
                List<String> lines = screen.seen();
                assertThat(lines).hasSize(8);
                assertThat(lines.subList(0, 4))
                        .containsExactly(
                                "Round 1 asks hospital-a/heart, hospital-b/heart",
                                "Round 1 of 3: 0 of 0 answered; skipped, the model stays as it was",
                                "Round 2 of 3: 0 of 0 answered; skipped, the model stays as it was",
                                "Note: a node is slow");
                assertThat(lines.get(4)).startsWith("participant");
                assertThat(lines.get(5)).startsWith("hospital-a/heart").contains("answered", "100%", "0.5000");
                assertThat(lines.get(6)).startsWith("hospital-b/heart").contains("waiting");
                assertThat(lines.get(7)).startsWith("Rounds  66% [").contains("2/3");
            });
        }
        assertThat(screen.seen()).hasSize(5).last().asString().startsWith("Rounds  66% [");
    }

    @Test
    void moreRoundsAndParticipantsThanLinesLeaveNoTraceOfTheTable() {
        var many = new TreeSet<Participant>();
        for (int i = 10; i < 60; i++) {
            many.add(new Participant(PartyId.of("hospital-" + i), "heart"));
        }
        var screen = new VirtualScreen(10, 80);
        try (var progress = new RunProgress(
                new PrintWriter(new StringWriter()), screen.stream(), () -> new Terminal.Size(10, 80))) {
            run(progress, 1, 29, 30, many);
            assertThat(screen.seen()).hasSizeLessThanOrEqualTo(10);
            run(progress, 30, 30, 30, many);
            assertThat(screen.all().getLast())
                    .as("no table after the last round, before it is closed")
                    .startsWith("Rounds 100% [");
        }
        assertThat(screen.all())
                .filteredOn(line -> line.matches("Round [0-9]+ of 30: .*"))
                .hasSize(30);
        assertThat(screen.all()).noneMatch(line -> line.startsWith("participant") || line.contains("waiting"));
        assertThat(screen.all().getLast()).startsWith("Rounds 100% [");
    }

    @Test
    void whereNobodyWatchesThereAreLinesAlone() {
        var said = new StringWriter();
        try (var progress = new RunProgress(new PrintWriter(said), null, () -> new Terminal.Size(10, 80))) {
            run(progress, 1, 2, 2, BOTH);
        }
        assertThat(said.toString()).doesNotContain("\u001b", "\r", "waiting").contains("Round 2 of 2: ");
        assertThat(said.toString().lines()).hasSize(3);
    }
}
