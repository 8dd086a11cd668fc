package fedbiomed.data.signal.edf;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.file.Fuzz;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdfFuzzTest {
    private static final List<byte[]> VALID = List.of(
            EdfBytes.plus(
                    "EDF+D",
                    List.of("+0\u0014\u0014\0+0.5\u00151\u0014Meier\u0014\0", "+1\u0014\u0014\0", "+5\u0014\u0014\0")),
            EdfBytes.plus("EDF+C", List.of("+0\u0014\u0014\0+1\u0014Meier\u0014\0", "+1\u0014\u0014\0")),
            EdfBytes.plain(3, 2),
            EdfBytes.plain(3, 3));

    @TempDir
    Path folder;

    @Test
    void damagedFilesNeverCrashTheReader() throws IOException {
        fuzz(500);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedFilesNeverCrashTheReader() throws IOException {
        fuzz(1_000_000);
    }

    private void fuzz(int files) throws IOException {
        int refused = Fuzz.run(folder.resolve("damaged.edf"), VALID, files, file -> {
            try (var edf = EdfFile.open(file)) {
                for (int channel = 0; channel < edf.channels().size(); channel++) {
                    int samples =
                            (int) edf.frames() * edf.channels().get(channel).samplesPerFrame();
                    var values = new float[samples];
                    edf.read(channel, 0, values, 0, samples);
                }
                edf.segments();
                edf.annotations();
            }
        });
        // both happen: the damage reaches the checks, and is not all of one kind
        assertThat(refused).isBetween(files / 5, files - files / 5);
    }
}
