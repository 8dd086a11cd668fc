package fedbiomed.data.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.volume.Damage;
import fedbiomed.data.volume.ReferenceVolume;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A series of which one slice or two are damaged at random: it is read to its end, or refused with our own exception. */
class DicomSeriesFuzzTest {
    private static final long SEED = 20261125;
    private static final List<List<String>> SERIES = List.of(
            List.of("CT5N/2062", "CT5N/2392", "CT5N/2693"),
            List.of("made-numbered/a", "made-numbered/b", "made-numbered/c"),
            List.of("made-folder/P3/a/b/IM0", "made-folder/P3/a/b/IM3", "made-folder/P3/a/b/IM7"));

    @TempDir
    Path folder;

    @Test
    void damagedSeriesNeverCrashTheReader() throws IOException {
        fuzz(700);
    }

    @Test
    @Tag("campaign")
    void aMillionDamagedSeriesNeverCrashTheReader() throws IOException {
        fuzz(1_000_000);
    }

    private void fuzz(int rounds) throws IOException {
        var valid = new ArrayList<List<byte[]>>();
        for (var names : SERIES) {
            var slices = new ArrayList<byte[]>();
            for (var name : names) {
                slices.add(Files.readAllBytes(ReferenceVolume.resource(getClass(), name)));
            }
            valid.add(slices);
        }
        var random = new SplittableRandom(SEED);
        int refused = 0;
        for (int i = 0; i < rounds; i++) {
            var whole = valid.get(random.nextInt(valid.size()));
            var slices = new ArrayList<>(whole);
            for (int n = random.nextInt(1, 3); n > 0; n--) {
                int at = random.nextInt(slices.size());
                slices.set(at, changed(whole.get(at), random));
            }
            for (int s = 0; s < slices.size(); s++) {
                Damage.overwrite(folder.resolve("slice-" + s), slices.get(s));
            }
            try {
                var series = DicomSeries.open(folder);
                assertThat(series.voxels()).isLessThan(4_000_000);
                assertThat(series.read().values().length).isEqualTo((int) series.voxels());
                assertThat(Arrays.stream(series.spacing()))
                        .allMatch(distance -> distance > 0 && Double.isFinite(distance));
                var orientation = series.orientation();
                if (orientation != null) {
                    assertThat(orientation.toStandard(series.read()).values().length)
                            .isEqualTo((int) series.voxels());
                }
            } catch (FedbiomedException e) {
                assertThat(e.text()).hasSizeLessThan(600).doesNotContain("Meier");
                refused++;
            }
        }
        // both happen: the damage reaches the checks, and is not all of one kind
        assertThat(refused).isBetween(rounds / 4, rounds - rounds / 10);
    }

    /** Damaged anywhere, or a digit of a number within the header exchanged: places, orientations, distances. */
    private static byte[] changed(byte[] valid, SplittableRandom random) {
        if (random.nextInt(2) == 0) {
            return DicomFuzzTest.damaged(valid, random);
        }
        var bytes = valid.clone();
        for (int tries = 0; tries < 400; tries++) {
            int at = random.nextInt(bytes.length);
            if (bytes[at] >= '0' && bytes[at] <= '9') {
                bytes[at] = (byte) "0123456789.-\\eE ".charAt(random.nextInt(16));
                return bytes;
            }
        }
        return bytes;
    }
}
