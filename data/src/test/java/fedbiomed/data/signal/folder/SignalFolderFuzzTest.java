package fedbiomed.data.signal.folder;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.file.Fuzz;
import fedbiomed.data.file.Resources;
import fedbiomed.data.source.StoredDataset;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder with a damaged recording is read to its last window, or refused. */
class SignalFolderFuzzTest {
    @TempDir
    Path folder;

    @Test
    void foldersWithADamagedRecordingNeverCrashTheKind() throws IOException {
        fuzz(60);
    }

    @Test
    @Tag("campaign")
    void aMillionFoldersWithADamagedRecordingNeverCrashTheKind() throws IOException {
        fuzz(500_000);
    }

    private void fuzz(int each) throws IOException {
        var edf = Files.createDirectory(folder.resolve("edf"));
        int refused = Fuzz.run(edf.resolve("a.edf"), List.of(resource("a.edf")), each, _ -> read(edf));
        assertThat(refused).isBetween(each / 20, each - each / 20);
        var wfdb = Files.createDirectory(folder.resolve("wfdb"));
        Files.write(wfdb.resolve("b.dat"), resource("sub/b.dat"));
        Files.write(wfdb.resolve("b.atr"), resource("sub/b.atr"));
        refused = Fuzz.run(wfdb.resolve("b.hea"), List.of(resource("sub/b.hea")), each, _ -> read(wfdb));
        assertThat(refused).isBetween(each / 20, each - each / 20);
    }

    private static byte[] resource(String name) throws IOException {
        return Files.readAllBytes(Resources.file("signal/folder/" + name));
    }

    private static void read(Path folder) {
        var settings = Map.of(
                "window", "1s", "rate", "100", "annotations", "calm,stirred", "other", "none", "missing", "zero");
        var source = DatasetKinds.open(StoredDataset.of("signals", folder, settings));
        var signal = source.columns().getFirst();
        var window = MemorySegment.ofArray(
                new float[(int) (signal.shape().get(0) * signal.shape().get(1))]);
        for (int i = 0; i < Math.min(100, source.samples()); i++) {
            source.read("signal", i, window);
        }
        assertThat(source.texts("label")).hasSize(source.samples()).isSubsetOf("calm", "stirred", "none");
    }
}
