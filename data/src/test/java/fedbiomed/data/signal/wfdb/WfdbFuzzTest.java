package fedbiomed.data.signal.wfdb;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.file.Fuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WfdbFuzzTest {
    private static final List<byte[]> HEADERS = List.of(
            text("r 3 360 20 10:00:00 01/05/1951\n# Meier\n"
                    + "r.dat 212x2:1 200(5)/mV 11 1024 995 -22131 0 MLII\n"
                    + "r.dat 212 100 12 0 0 0 0 V5\nr16.dat 16+4 1.5e2/uV\n# 69 M Meier"),
            text("r 1\r\nr16.dat 16 0\r\n"));

    private static final List<byte[]> ANNOTATIONS = List.of(
            // a rhythm, a beat, a skip, a note, the end
            new byte[] {
                2,
                0x70,
                4,
                (byte) 0xFC,
                '(',
                'A',
                'F',
                'I',
                9,
                4,
                0,
                (byte) 0xEC,
                0,
                0,
                0x10,
                0,
                1,
                0x14,
                3,
                (byte) 0xF4,
                0,
                0x58,
                5,
                (byte) 0xFC,
                'M',
                'e',
                'i',
                'e',
                'r',
                0,
                0,
                0
            },
            // the time resolution, and the end
            text("\0X\u0017\0## time resolution: 360\0\1\4\0\0"));

    @TempDir
    Path folder;

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void damagedHeadersAndAnnotationsNeverCrashTheReader() throws IOException {
        fuzz(250);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedHeadersAndAnnotationsNeverCrashTheReader() throws IOException {
        fuzz(500_000);
    }

    private void fuzz(int files) throws IOException {
        var frame = new byte[400];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (byte) (31 * i);
        }
        Files.write(folder.resolve("r.dat"), frame);
        Files.write(folder.resolve("r16.dat"), frame);
        int headers = Fuzz.run(folder.resolve("r.hea"), HEADERS, files, WfdbFuzzTest::read);
        assertThat(headers).isBetween(files / 5, files - files / 5);
        int annotations = Fuzz.run(folder.resolve("a.atr"), ANNOTATIONS, files, file -> {
            for (var annotation : MitAnnotations.read(file, 360, 10)) {
                assertThat(annotation.onsetSeconds()).isNotNegative();
            }
        });
        assertThat(annotations).isBetween(files / 10, files - files / 10);
    }

    private static void read(Path file) {
        try (var record = WfdbRecord.open(file)) {
            for (int channel = 0; channel < record.channels().size(); channel++) {
                int samples = Math.toIntExact(
                        record.frames() * record.channels().get(channel).samplesPerFrame());
                var values = new float[samples];
                record.read(channel, 0, values, 0, samples);
            }
        }
    }
}
