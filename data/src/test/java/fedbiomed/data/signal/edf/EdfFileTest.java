package fedbiomed.data.signal.edf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.signal.Annotation;
import fedbiomed.data.signal.Segment;
import fedbiomed.data.signal.WindowLabels;
import fedbiomed.data.signal.WindowPlan;
import fedbiomed.data.signal.Windows;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdfFileTest {
    private static final String KEEPS_TIME = "\u0014\u0014\0";
    /** Two records from 0.25 s after the start, a gap of 3 s, two more. */
    private static final List<String> WITH_A_GAP = List.of(
            "+0.25" + KEEPS_TIME + "+0.75\u00151.5\u0014Stage 1\u0014\0",
            "+1.25" + KEEPS_TIME + "+1.25\u0014Müller\u0014\0",
            "+5.25" + KEEPS_TIME + "+5\u00152\u0014Stage 2\u0014REM\u0014\0",
            "+6.25" + KEEPS_TIME);

    @TempDir
    Path folder;

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("a.edf"), bytes);
    }

    @Test
    void aDiscontinuousFileHasSegmentsAndNoWindowSpansTheirGap() throws IOException {
        try (var edf = EdfFile.open(file(EdfBytes.plus("EDF+D", WITH_A_GAP)));
                var arena = Arena.ofConfined()) {
            assertThat(edf.segments()).containsExactly(new Segment(0, 0, 2), new Segment(5, 2, 2));
            assertThat(edf.channels()).hasSize(1);
            assertThat(edf.annotations())
                    .containsExactly(
                            new Annotation(0.5, 1.5, "Stage 1"),
                            new Annotation(1, 0, "Müller"),
                            new Annotation(4.75, 2, "Stage 2"),
                            new Annotation(4.75, 2, "REM"));
            var windows = Windows.of(edf, new WindowPlan(1.5, 0.5, 4, List.of("EEG")));
            assertThat(windows.count()).isEqualTo(4);
            assertThat(List.of(
                            windows.startSeconds(0),
                            windows.startSeconds(1),
                            windows.startSeconds(2),
                            windows.startSeconds(3)))
                    .containsExactly(0.0, 0.5, 5.0, 5.5);
            var into = arena.allocate(windows.sizeBytes());
            windows.read(edf, 3, into);
            assertThat(into.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(10, 11, 12, 13, 14, 15);
            var labels = new WindowLabels(edf.annotations(), List.of("Stage 1", "Stage 2"), WindowLabels.Rule.LONGEST);
            assertThat(labels.of(windows.startSeconds(1), 1.5)).isEqualTo("Stage 1");
            assertThat(labels.of(windows.startSeconds(2), 1.5)).isEqualTo("Stage 2");
        }
    }

    @Test
    void aContiguousFileIsOneSegment() throws IOException {
        try (var edf = EdfFile.open(file(EdfBytes.plus("EDF+C", WITH_A_GAP)))) {
            assertThat(edf.segments()).containsExactly(new Segment(0, 0, 4));
        }
    }

    @Test
    void negativeSamplesOf24BitsAreNegative() throws IOException {
        var bytes = EdfBytes.plain(1, 3);
        Arrays.fill(bytes, 512, 515, (byte) 0xFF);
        bytes[517] = (byte) 0x80;
        try (var bdf = EdfFile.open(file(bytes))) {
            var values = new float[4];
            bdf.read(0, 0, values, 0, 4);
            assertThat(values).containsExactly(-1, -8388607, 2, 3);
            assertThatThrownBy(() -> bdf.read(0, 1, values, 0, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void unitsInLatin1AndInUtf8AreRead() throws IOException {
        var bytes = EdfBytes.plain(1, 2);
        try (var edf = EdfFile.open(file(EdfBytes.with(bytes, 256 + 96, 8, "\u00B5V")))) {
            assertThat(edf.channels().getFirst().unit()).isEqualTo("µV");
        }
        try (var edf = EdfFile.open(file(EdfBytes.with(bytes, 256 + 96, 8, "\u00C2\u00B5V")))) {
            assertThat(edf.channels().getFirst().unit()).isEqualTo("µV");
        }
    }

    @Test
    void aFileStillBeingRecordedSaysNotHowManyRecordsItHas() throws IOException {
        try (var edf = EdfFile.open(file(EdfBytes.with(EdfBytes.plain(3, 2), EdfBytes.RECORDS, 8, "-1")))) {
            assertThat(edf.frames()).isEqualTo(3);
        }
    }

    @Test
    void whatTheHeaderSaysIsNotBelievedButChecked() throws IOException {
        var bytes = EdfBytes.plain(3, 2);
        assertUnfit(EdfBytes.with(bytes, EdfBytes.SIGNALS, 4, "9999"), "byte 252", "1 to 4096");
        assertUnfit(EdfBytes.with(bytes, EdfBytes.SIGNALS, 4, "3"), "byte 184", "1024 bytes");
        assertUnfit(EdfBytes.with(bytes, EdfBytes.HEADER_BYTES, 8, "x"), "byte 184", "not a whole number");
        assertUnfit(EdfBytes.with(bytes, EdfBytes.RECORDS, 8, "21474836"), "21474836 records of 8 bytes");
        assertUnfit(EdfBytes.with(bytes, EdfBytes.RECORDS, 8, "0"), "no whole data record");
        assertUnfit(EdfBytes.with(bytes, EdfBytes.DURATION, 8, "0"), "'EEG'", "Infinity samples a second");
        assertUnfit(EdfBytes.with(bytes, EdfBytes.DURATION, 8, "NaN"), "byte 244", "not a number");
        assertUnfit(EdfBytes.with(bytes, 256 + 216, 8, "99999999"), "the number of samples of signal 1");
        assertUnfit(EdfBytes.with(bytes, 256 + 216, 8, "0"), "the number of samples of signal 1");
        assertUnfit(EdfBytes.with(bytes, 256 + 120, 8, "32767"), "'EEG' is empty", "digital 32767 to 32767");
        assertUnfit(EdfBytes.with(bytes, 256 + 104, 8, "32767"), "'EEG' is empty", "physical 32767.0 to 32767.0");
        assertUnfit(EdfBytes.with(bytes, 256 + 128, 8, "99999"), "the digital maximum of signal 'EEG'");
        assertUnfit(EdfBytes.with(bytes, 256 + 112, 8, "1e999"), "the physical maximum of signal 'EEG'");
        assertUnfit(Arrays.copyOf(bytes, bytes.length - 3), "Copy or export it again");
        assertUnfit(Arrays.copyOf(bytes, 300), "copy it again");
        assertUnfit(new byte[100], "an EDF header alone has 256");
        assertUnfit(new byte[1000], "begins neither as EDF");
    }

    @Test
    void annotationsThatAreNotAsEdfPlusHasThemAreRefused() throws IOException {
        var lists = List.of("+0" + KEEPS_TIME, "+1" + KEEPS_TIME + "1\u0014Meier\u0014\0");
        try (var edf = EdfFile.open(file(EdfBytes.plus("EDF+C", lists)))) {
            assertUnfit(edf::annotations, "record 2", "export the file again");
        }
        assertUnfit(
                EdfBytes.plus("EDF+D", List.of("+0" + KEEPS_TIME, "+1\u0014Meier\u0014\0")),
                "record 2",
                "does not say when it begins");
        assertUnfit(EdfBytes.plus("EDF+D", List.of("+9" + KEEPS_TIME, "+1" + KEEPS_TIME)), "record 2", "begins before");
        var alone = EdfBytes.with(EdfBytes.plus("EDF+C", lists), 256, 16, "EDF Annotations");
        assertUnfit(alone, "annotations and no signal");
    }

    @Test
    void aFolderAndAFileThatIsNotThereAreToldApart() {
        assertUnfit(() -> EdfFile.open(folder), "it is a folder");
        assertThatThrownBy(() -> EdfFile.open(folder.resolve("none.edf")))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATASET_CHANGED));
    }

    private void assertUnfit(byte[] bytes, String... parts) throws IOException {
        var file = file(bytes);
        assertUnfit(
                () -> {
                    try (var edf = EdfFile.open(file)) {
                        edf.segments();
                    }
                },
                parts);
    }

    private static void assertUnfit(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .message()
                .contains(parts)
                .doesNotContain("Meier");
    }
}
