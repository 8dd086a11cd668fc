package fedbiomed.protocol.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.audit.AuditVerification.Kind;
import fedbiomed.protocol.message.AuditHead;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditLogTest {
    private static final int LINES = 6;

    @TempDir
    Path home;

    private AuditLog log;
    private Path file;
    private AuditHead head = AuditHead.EMPTY;

    @BeforeEach
    void sixLines() {
        log = AuditLog.ofNode(home, Clock.systemUTC());
        file = home.resolve(AuditLog.FILE);
        for (int i = 1; i <= LINES; i++) {
            head = add("dataset-" + i);
        }
    }

    private AuditHead add(String dataset) {
        return log.append(
                AuditEvent.of(AuditKind.DATASET_ADDED).dataset(dataset).build());
    }

    private List<String> lines() throws IOException {
        return new ArrayList<>(Files.readAllLines(file));
    }

    private void write(List<String> lines) throws IOException {
        Files.writeString(file, String.join("\n", lines) + "\n");
    }

    private void expect(Kind kind, long line) {
        expect(kind, line, AuditHead.EMPTY);
    }

    private void expect(Kind kind, long line, AuditHead known) {
        var fault = Objects.requireNonNull(log.verify(known).fault(), "nothing was found");
        assertThat(fault.kind()).as(fault.text()).isEqualTo(kind);
        assertThat(fault.line()).as(fault.text()).isEqualTo(line);
    }

    @Test
    void aLogAsItWasWrittenIsIntactBesideEveryOlderHead() throws IOException {
        assertThat(log.verify(head)).isEqualTo(new AuditVerification(head, null, 0));
        for (var line : lines()) {
            assertThat(log.verify(AuditLine.parse(line).head()).fault()).isNull();
        }
        assertThat(head.sequence()).isEqualTo(LINES);
        assertThat(log.head()).isEqualTo(head);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, LINES})
    void anEditedLineIsFound(int number) throws IOException {
        var lines = lines();
        lines.set(number - 1, lines.get(number - 1).replace("dataset-" + number, "dataset-9"));
        write(lines);
        expect(Kind.EDITED, number);
    }

    /** By somebody who knows how the hash is made. */
    @Test
    void anEditedLineWithAHashThatFitsIsFoundByTheNextOne() throws IOException {
        var lines = lines();
        var before = AuditLine.parse(lines.get(1));
        var forged = AuditLine.after(
                before.head(),
                before.time(),
                AuditEvent.of(AuditKind.DATASET_ADDED).dataset("other").build());
        lines.set(2, forged.text());
        write(lines);
        expect(Kind.EDITED, 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, LINES - 1})
    void aDroppedLineIsFound(int number) throws IOException {
        var lines = lines();
        lines.remove(number - 1);
        write(lines);
        expect(Kind.DROPPED, number);
    }

    @Test
    void reorderedAndRepeatedLinesAreFound() throws IOException {
        var lines = lines();
        Collections.swap(lines, 2, 3);
        write(lines);
        expect(Kind.REORDERED, 3);

        Collections.swap(lines, 2, 3);
        lines.add(4, lines.get(1));
        write(lines);
        expect(Kind.REORDERED, 5);
    }

    @Test
    void aCutEndAndALogWrittenAnewAreFoundByWhoHoldsAnOlderHead() throws IOException {
        var lines = lines();
        write(lines.subList(0, 4));
        assertThat(log.verify(AuditHead.EMPTY).fault())
                .as("by itself it is whole")
                .isNull();
        expect(Kind.CUT, 5, head);

        add("dataset-5");
        add("another");
        assertThat(log.verify(AuditHead.EMPTY).fault()).isNull();
        expect(Kind.REWRITTEN, LINES, head);

        Files.delete(file);
        expect(Kind.CUT, 1, head);
    }

    /** What kill -9 leaves at whatever moment of the writing, in bytes of the last line that are there. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100})
    void aLineThatWasNotFinishedGivesWayToTheNext(int bytes) throws IOException {
        var whole = lines();
        add("last");
        var last = lines().getLast();
        Files.writeString(file, String.join("\n", whole) + "\n" + last.substring(0, bytes));

        assertThat(log.head()).isEqualTo(head);
        assertThat(log.verify(head)).isEqualTo(new AuditVerification(head, null, bytes));
        var next = add("next");
        assertThat(next.sequence()).isEqualTo(LINES + 1);
        assertThat(log.verify(head)).isEqualTo(new AuditVerification(next, null, 0));
        assertThat(lines()).hasSize(LINES + 1).last().asString().contains("\"next\"");
    }

    @Test
    void aLineThatLacksOnlyItsEndStays() throws IOException {
        Files.writeString(file, String.join("\n", lines()));
        assertThat(log.verify(head)).isEqualTo(new AuditVerification(head, null, 0));
        var next = add("next");
        assertThat(next.sequence()).isEqualTo(LINES + 1);
        assertThat(log.verify(head)).isEqualTo(new AuditVerification(next, null, 0));
    }

    @Test
    void nothingIsAddedBehindALastLineThatWasEdited() throws IOException {
        var edited = Files.readString(file).replace("dataset-" + LINES, "dataset-9");
        Files.writeString(file, edited);
        assertThatThrownBy(() -> add("next"))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("audit verify");
        assertThat(file).hasContent(edited);
    }

    @Test
    void aLineIsBoundedWhateverAStrangerNames() throws IOException {
        add("x".repeat(100_000) + "\n");
        assertThat(lines())
                .hasSize(LINES + 1)
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(1000));
        assertThat(log.verify(head).fault()).isNull();
        Files.writeString(file, "y".repeat(1 << 20) + "\n", StandardOpenOption.APPEND);
        expect(Kind.EDITED, LINES + 2);
    }

    @Test
    void aFullFileIsNumberedAndTheChainGoesOn() throws IOException {
        var small = new AuditLog(AuditOwner.NODE, home, Clock.systemUTC(), 600);
        for (int i = 0; i < 10; i++) {
            head = small.append(
                    AuditEvent.of(AuditKind.DATASET_ADDED).dataset("more-" + i).build());
        }
        var numbered = home.resolve("audit-000002.jsonl");
        assertThat(numbered).exists();
        assertThat(Files.size(file)).isLessThan(1_200);
        assertThat(log.head()).isEqualTo(head);
        assertThat(log.verify(head)).isEqualTo(new AuditVerification(head, null, 0));
        var sequences = new ArrayList<Long>();
        log.lines().forEach(line -> sequences.add(line.sequence()));
        assertThat(sequences).hasSize(LINES + 10).isSorted();

        var whole = Files.readString(numbered);
        var first = AuditLine.parse(whole.lines().findFirst().orElseThrow()).sequence();
        Files.writeString(numbered, whole.replaceFirst("more-", "less-"));
        expect(Kind.EDITED, first);
        Files.delete(numbered);
        expect(Kind.DROPPED, first);
        Files.writeString(numbered, whole);
        // killed between the renaming and the first line of the next file
        Files.delete(file);
        var left = log.head();
        assertThat(log.verify(AuditHead.EMPTY)).isEqualTo(new AuditVerification(left, null, 0));
        assertThat(add("next").sequence()).isEqualTo(left.sequence() + 1);
        assertThat(log.verify(left).fault()).isNull();
    }

    @Test
    void whatMakesThePartyDoLessIsRecordedWhenItCanBe() throws IOException {
        var whole = Files.readString(file);
        Files.writeString(file, whole.replace("dataset-" + LINES, "dataset-9"));
        log.appendNowOrLater(
                AuditEvent.of(AuditKind.DATASET_REMOVED).dataset("dataset-1").build());
        assertThat(home.resolve(PendingEvents.FILE)).exists();
        Files.writeString(file, whole);

        add("next");
        assertThat(home.resolve(PendingEvents.FILE)).doesNotExist();
        var events = new ArrayList<AuditEvent>();
        log.lines().forEach(line -> events.add(line.event()));
        assertThat(events).hasSize(LINES + 2);
        assertThat(events.get(LINES).kind()).isEqualTo(AuditKind.DATASET_REMOVED);
        assertThat(events.get(LINES).occurred()).isNotNull();
        assertThat(log.verify(head).fault()).isNull();
    }

    @Test
    void twoProcessesAndThreadsOfThisOneWriteOneChain() throws Exception {
        int each = 40;
        var processes = new ArrayList<Process>();
        for (var name : List.of("one", "two")) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            AppendProcess.class.getName(),
                            home.toString(),
                            name,
                            String.valueOf(each))
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve(name + ".out").toFile())
                    .start());
        }
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 2; i++) {
            var own = AuditLog.ofNode(home, Clock.systemUTC());
            threads.add(Thread.ofVirtual().start(() -> {
                for (int line = 0; line < each; line++) {
                    own.append(AuditEvent.of(AuditKind.DATASET_ADDED)
                            .dataset("thread")
                            .build());
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        for (var process : processes) {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
        var found = log.verify(head);
        assertThat(found.fault()).isNull();
        assertThat(found.head().sequence()).isEqualTo(LINES + 4L * each);
        assertThat(lines().stream().filter(line -> line.contains("\"two\""))).hasSize(each);
    }
}
