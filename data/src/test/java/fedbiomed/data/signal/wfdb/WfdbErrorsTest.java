package fedbiomed.data.signal.wfdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.file.Fuzz;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broken and hostile records get an error that names file, place and remedy, and nothing of the patient (Meier). */
class WfdbErrorsTest {
    private static final String RECORD = "r 1 250 10\n";
    private static final String SIGNAL = "r.dat 16 100/mV 16 0 0 0 0 ECG\n# 61 M Meier\n";

    @TempDir
    Path folder;

    private Path header = Path.of("");

    @BeforeEach
    void aSignalFile() throws IOException {
        header = folder.resolve("r.hea");
        Files.write(folder.resolve("r.dat"), new byte[20]);
    }

    private void refused(String text, String... parts) throws IOException {
        refused(text.getBytes(StandardCharsets.ISO_8859_1), ErrorCode.DATA_UNFIT, parts);
    }

    private void refused(byte[] bytes, ErrorCode code, String... parts) throws IOException {
        Files.write(header, bytes);
        assertThatThrownBy(() -> {
                    try (var record = WfdbRecord.open(header)) {
                        record.annotations();
                    }
                })
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(code))
                .message()
                .contains(parts)
                .doesNotContain(Fuzz.SECRET);
    }

    @Test
    void theRecordItselfIsFine() throws IOException {
        // with the line ends of Windows, too
        for (var text : new String[] {RECORD + SIGNAL, (RECORD + SIGNAL).replace("\n", "\r\n")}) {
            Files.writeString(header, text);
            try (var record = WfdbRecord.open(header)) {
                assertThat(record.frames()).isEqualTo(10);
                assertThat(record.channels().getFirst().label()).isEqualTo("ECG");
            }
        }
    }

    @Test
    void aPathThatClimbsOutIsNoSignalFile() throws IOException {
        Files.write(folder.resolve("secret"), new byte[20]);
        for (var name : new String[] {"../../etc/passwd", "/etc/passwd", "..", "../r.dat", "sub/r.dat", "~", "-"}) {
            refused(
                    RECORD + SIGNAL.replace("r.dat", name),
                    "r.hea, line 2: signal 1: it does not begin with the plain name of a signal file");
        }
        var inner = Files.createDirectory(folder.resolve("inner"));
        Files.createSymbolicLink(inner.resolve("r.dat"), folder.resolve("secret"));
        header = inner.resolve("r.hea");
        refused(RECORD + SIGNAL, "r.dat: it is a link that leads out of the header's folder; copy the file there");
        Files.delete(inner.resolve("r.dat"));
        Files.createSymbolicLink(inner.resolve("r.dat"), inner.resolve("r.dat"));
        refused(RECORD + SIGNAL, "r.dat: reading it failed");
    }

    @Test
    void numbersOfTheHeaderAreNotBelieved() throws IOException {
        refused("r 2147483648 250 10\n" + SIGNAL, "r.hea, line 1: it announces 2147483648 signals; 1 to 4096 are read");
        refused("r 0 250 10\n", "it announces 0 signals");
        refused("r 3 250 10\n" + SIGNAL, "r.hea: it announces 3 signals and has lines for 1; copy the header again");
        refused(
                "r 1 250 2147483648\n" + SIGNAL,
                "announces 2147483648 samples a signal, and a signal file holds 10",
                "Copy");
        refused(
                "r 1 250 11\n" + SIGNAL,
                "announces 11 samples a signal, and a signal file holds 10; was its copy cut short?");
        refused("r 1 0 10\n" + SIGNAL, "line 1: the sampling rate is not between");
        refused("r 1 1e300 10\n" + SIGNAL, "line 1: the sampling rate is not between");
        refused("r 1 fast 10\n" + SIGNAL, "line 1: it is not the record line of a WFDB header");
        refused("r/4 1 250 10\n" + SIGNAL, "line 1: the record has several segments", "name the header of one segment");
        refused(
                RECORD + SIGNAL.replace("16 100", "16x2147483648 100"),
                "line 2: signal 1: the number of samples a frame is");
        refused(RECORD + SIGNAL.replace("16 100", "16:2147483648 100"), "signal 1: the skew is 2147483648");
        refused(RECORD + SIGNAL.replace("16 100", "16+999999999999999999 100"), "signal 1: the byte offset is");
        refused(RECORD + SIGNAL.replace("16 100", "16+20 100"), "and a signal file holds 0");
        refused(RECORD + SIGNAL.replace("16 100", "80 100"), "format 80 is not read; formats 16 and 212 are: convert");
        refused(RECORD + SIGNAL.replace("16 100", "sixteen 100"), "the format is not as header(5) has it");
        refused(RECORD + SIGNAL.replace("100/mV", "Meier/mV"), "the gain is not a number");
        refused(RECORD + SIGNAL.replace("100/mV", "1e-300/mV"), "the gain is not a number");
        refused(
                RECORD + SIGNAL.replace("100/mV", "100(9999999999)/mV"),
                "the baseline is not a whole number of 32 bits");
        refused(RECORD + SIGNAL.replace("100/mV 16 0", "100/mV 16 x"), "the ADC zero is not a whole number");
    }

    @Test
    void whatIsNoHeaderIsSaid() throws IOException {
        refused("", "r.hea: it is empty; a WFDB header has a line for the record and one for each signal");
        refused("# only Meier\n\n", "r.hea: it is empty");
        refused("r M\u00fcller 1\n", "r.hea, line 1: it is not UTF-8 text");
        refused("\0\1\2\3", "r.hea, line 1: it holds a NUL");
        refused("r".repeat(70_000), "r.hea, line 1: the line has more than 65536 bytes");
        refused("#\n".repeat(100_001), "the header has too many lines");
        refused(RECORD, "it announces 1 signals and has lines for 0");
        Files.delete(folder.resolve("r.dat"));
        refused(
                (RECORD + SIGNAL).getBytes(StandardCharsets.UTF_8),
                ErrorCode.DATASET_CHANGED,
                "r.dat: there is no such file");
    }

    @Test
    void brokenAnnotationsAreToldByTheirByte() throws IOException {
        var annotations = folder.resolve("r.atr");
        Files.write(annotations, new byte[0]);
        refused(RECORD + SIGNAL, "r.atr, byte 0: the file ends without its closing word", "copy it again");
        // a beat, and no end
        Files.write(annotations, new byte[] {1, 4});
        refused(RECORD + SIGNAL, "r.atr, byte 2: the file ends without its closing word");
        // a text of 1,023 bytes in a file of four
        Files.write(annotations, new byte[] {1, 4, (byte) 0xFF, (byte) 0xFF});
        refused(RECORD + SIGNAL, "r.atr, byte 4: the text of an annotation is longer than the file");
        // a skip of -2^31
        Files.write(annotations, new byte[] {0, (byte) 0xEC, 0, (byte) 0x80, 0, 0, 1, 4, 0, 0});
        refused(RECORD + SIGNAL, "an annotation lies before the record's beginning");
        Files.writeString(annotations, "time,label\n0,Meier\n");
        refused(RECORD + SIGNAL, "r.atr, byte", "not in MIT format: copy it again");
    }
}
