package fedbiomed.data.signal.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.Samples;
import fedbiomed.data.file.Resources;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A folder of an EDF+ file and a WFDB record, as pyedflib, wfdb and scipy read and resample them:
 * {@code src/test/python/signal_folder_reference.py} wrote files and figures.
 */
class SignalFolderTest {
    private static final Map<String, String> SETTINGS =
            Map.of("window", "2s", "step", "1s", "channels", "ECG I,ECG II", "rate", "100Hz", "unit", "mV");

    @TempDir
    Path folder;

    @BeforeEach
    void recordings() throws IOException {
        Files.createDirectory(folder.resolve("sub"));
        for (var file : List.of("a.edf", "patients.csv", "sub/b.hea", "sub/b.dat", "sub/b.atr")) {
            Files.copy(Resources.file("signal/folder/" + file), folder.resolve(file));
        }
    }

    private StoredDataset stored(Map<String, String> settings) {
        return StoredDataset.of("signals", folder, settings);
    }

    private static Map<String, String> with(String... more) {
        var settings = new HashMap<>(SETTINGS);
        for (int i = 0; i < more.length; i += 2) {
            if (more[i + 1].isEmpty()) {
                settings.remove(more[i]);
            } else {
                settings.put(more[i], more[i + 1]);
            }
        }
        return settings;
    }

    private SampleSource open(Map<String, String> settings) {
        return DatasetKinds.open(stored(settings));
    }

    private static List<Double> numbers(SampleSource source, String column) {
        return IntStream.range(0, source.samples())
                .mapToObj(i -> Samples.read(source, column, i).doubleAt(0))
                .toList();
    }

    @Test
    void windowsAreThoseOfPyedflibWfdbAndScipy() throws IOException {
        var expected = Json.MAPPER.readTree(Resources.file("signal/folder.json").toFile());
        var source = open(SETTINGS);
        assertThat(source.samples()).isEqualTo(expected.size()).isEqualTo(11);
        // several threads at a time, as a batch may be read
        IntStream.range(0, 11).parallel().forEach(sample -> {
            var window = Samples.read(source, "signal", sample).toDoubles();
            assertThat(window).hasSize(400);
            for (int channel = 0; channel < 2; channel++) {
                double sum = 0;
                for (int i = 0; i < 200; i++) {
                    sum += window[channel * 200 + i];
                }
                var figures = expected.get(sample);
                // the values are floats, and scipy's doubles
                assertThat(sum).isCloseTo(figures.get("sums").get(channel).asDouble(), within(2e-5));
                for (int i = 0; i < 4; i++) {
                    assertThat(window[channel * 200 + i])
                            .isCloseTo(figures.get("first").get(channel).get(i).asDouble(), within(2e-6));
                    assertThat(window[channel * 200 + 196 + i])
                            .isCloseTo(figures.get("last").get(channel).get(i).asDouble(), within(2e-6));
                }
            }
        });
    }

    @Test
    void theTablesRowsAreRepeatedForTheWindowsOfTheirRecording() {
        var content = DatasetKinds.describe(stored(SETTINGS));
        assertThat(content.samples()).isEqualTo(11);
        assertThat(content.columns())
                .containsExactly(
                        new ColumnDescription(
                                "signal",
                                ColumnType.REAL,
                                0,
                                "F32",
                                List.of(2L, 200L),
                                "ECG I in mV, ECG II in mV, 100.0 Hz"),
                        new ColumnDescription("recording", ColumnType.INTEGER, 0, "I64", List.of()),
                        new ColumnDescription("age", ColumnType.INTEGER, 0, "I64", List.of()),
                        new ColumnDescription("ill", ColumnType.TEXT, 0));
        var source = open(SETTINGS);
        assertThat(numbers(source, "recording")).containsExactly(0., 0., 0., 0., 0., 0., 0., 1., 1., 1., 1.);
        assertThat(numbers(source, "age")).containsExactly(48., 48., 48., 48., 48., 48., 48., 61., 61., 61., 61.);
        assertThat(source.texts("ill"))
                .containsExactly("no", "no", "no", "no", "no", "no", "no", "yes", "yes", "yes", "yes");
    }

    @Test
    void annotationsLabelTheWindows() {
        var source = open(with("annotations", "stirred,calm"));
        assertThat(source.texts("label"))
                .containsExactly(
                        "calm", "calm", "stirred", "stirred", "stirred", "stirred", "stirred", "calm", "calm",
                        "stirred", "stirred");
        assertThat(open(with("annotations", "stirred,calm", "rule", "first")).texts("label"))
                .endsWith("calm", "stirred", "stirred", "stirred");
        // windows without one are left out, and which recording the others are of is as it was
        var calm = open(with("annotations", "N"));
        assertThat(numbers(calm, "recording")).containsExactly(1., 1.);
        assertThat(calm.notes())
                .containsExactly("9 of 11 windows have no annotation that is a label, and are left out");
        assertThat(source.notes()).isEmpty();
        assertThat(Samples.read(calm, "signal", 0)).isEqualTo(Samples.read(source, "signal", 8));
        assertThat(open(with("annotations", "N", "other", "none")).texts("label"))
                .containsExactly("none", "none", "none", "none", "none", "none", "none", "none", "N", "N", "none");
    }

    @Test
    void channelsMayHaveTheNamesThatWereAgreedOn() {
        var source = open(with("channels", "one=ECG II", "window", "1500ms", "rate", "50"));
        assertThat(source.columns().getFirst().content()).isEqualTo("one in mV, 50.0 Hz");
        assertThat(source.columns().getFirst().shape()).containsExactly(1L, 75L);
    }

    @Test
    void missingSamplesAreRefusedOrZero() throws IOException {
        Files.delete(folder.resolve("a.edf"));
        // -32768 marks a sample of format 16 as missing
        var samples = Files.readAllBytes(folder.resolve("sub/b.dat"));
        samples[2000] = 0;
        samples[2001] = (byte) 0x80;
        Files.write(folder.resolve("sub/b.dat"), samples);
        refused("sub/b.hea: it has missing samples, in the window that begins 0.0 s after", SETTINGS);
        refused("(2 of 4 windows of the dataset have some); set 'missing' to zero", with("step", "1s", "rate", "250"));
        var source = open(with("missing", "zero", "rate", "250"));
        source.requireSound();
        assertThat(Samples.read(source, "signal", 1).toDoubles()).contains(0);
    }

    @Test
    void moreRecordingsThanFilesMayBeOpen() throws IOException {
        Files.delete(folder.resolve("patients.csv"));
        var bytes = Files.readAllBytes(folder.resolve("a.edf"));
        for (int i = 0; i < OpenRecordings.MAX_FILES + 10; i++) {
            Files.write(folder.resolve("c" + i + ".edf"), bytes);
        }
        var source = open(with("window", "8s", "step", "", "rate", "200"));
        assertThat(source.samples()).isEqualTo(OpenRecordings.MAX_FILES + 11);
        var first = Samples.read(source, "signal", 0);
        long before = openFiles();
        source.requireSound();
        IntStream.range(0, source.samples())
                .parallel()
                .forEach(i -> assertThat(Samples.read(source, "signal", i)).isEqualTo(first));
        assertThat(openFiles() - before).isLessThanOrEqualTo(OpenRecordings.MAX_FILES + 50L);
    }

    private static long openFiles() throws IOException {
        var list = Path.of("/proc/self/fd");
        if (!Files.exists(list)) {
            return 0;
        }
        try (var files = Files.list(list)) {
            return files.count();
        }
    }

    private void refused(String expected, Map<String, String> settings) {
        assertThatThrownBy(() -> DatasetKinds.describe(stored(settings)))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .message()
                .contains(expected)
                .doesNotContain("Meier");
    }

    @Test
    void whatDoesNotGoTogetherIsToldWithItsRemedy() throws IOException {
        refused("need the setting 'window'", Map.of());
        refused("'window' is a duration", with("window", "-3s"));
        refused("'window' is a duration", with("window", "10 minutes"));
        refused("none of the 2 recordings is as long as a window of 60.0 s", with("window", "1min"));
        refused("a whole number of them", with("window", "0.123456789s"));
        refused("'rate' is a number of samples a second", with("rate", "fast"));
        refused("a rate of more than 0", with("rate", "0"));
        refused("more than 16777216 samples; take shorter windows", with("window", "9h", "rate", "1000"));
        refused("is a list of labels, each once", with("channels", "I=ECG I,I=ECG II"));
        refused(
                "sub/b.hea lacks 'Resp'. Set 'channels' to some that all have (ECG I,ECG II)",
                with("channels", "Resp"));
        refused("sub/b.hea lacks 'Resp'", with("channels", ""));
        refused("a.edf lacks 'X'; sub/b.hea lacks 'X'", with("channels", "ECG I,X"));
        refused("channel 'ECG I' is in 'mV', in a.edf in 'uV'; set 'unit'", with("unit", ""));
        refused("'unit' is V, mV, uV or nV", with("unit", "pT"));
        refused("has 250.0 samples a second, channel 'ECG I' of a.edf 200.0; set 'rate'", with("rate", ""));
        refused(
                "cannot become 100.00001",
                with("rate", "100.00001", "window", "100000s", "step", "", "channels", "ECG I"));
        refused("none of the 11 windows has an annotation", with("annotations", "Calm"));
        refused("name them with the setting 'annotations'", with("rule", "first"));
        refused("'rule' is longest or first", with("annotations", "calm", "rule", "last"));
        refused("ending of files", with("annotations", "calm", "annotator", "../x"));
        refused("there is no file 'none.csv'", with("labels", "none.csv"));
        refused("no file '../patients.csv' in the folder", with("labels", "../patients.csv"));
        refused("there is no column 'patient'", with("key", "patient"));
        Files.writeString(folder.resolve("patients.csv"), "file,signal\na,1\nsub/b,2\n");
        refused("a column 'signal', a name that the dataset uses already", SETTINGS);
        Files.writeString(folder.resolve("patients.csv"), "file,recording\na,1\nsub/b,2\n");
        refused("a column 'recording'", SETTINGS);
        Files.writeString(folder.resolve("patients.csv"), "file,age\na,1\nMeier,2\n");
        refused("1 of 2 recordings have no row whose column 'file' names them", SETTINGS);
        Files.writeString(folder.resolve("more.csv"), "file,age\na,1\n");
        refused("2 CSV files; name the one that is meant with the setting 'labels'", SETTINGS);
        Files.delete(folder.resolve("a.edf"));
        Files.delete(folder.resolve("sub/b.hea"));
        refused("the folder holds no recording", SETTINGS);
    }

    @Test
    void aRecordingThatChangedSinceItWasOpenedIsNotReadAsAnother() throws IOException {
        var source = open(SETTINGS);
        var hea = folder.resolve("sub/b.hea");
        Files.writeString(hea, Files.readString(hea).replace("b 2 250 1250", "b 2 250 900"));
        assertThatThrownBy(() -> Samples.read(source, "signal", 10))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATASET_CHANGED))
                .hasMessageContaining("sub/b.hea: its channels or its length");
    }

    @Test
    void everyFileThatIsReadIsInTheFingerprint() throws IOException {
        var before = open(SETTINGS).fingerprint();
        assertThat(open(SETTINGS).fingerprint()).isEqualTo(before);
        assertThat(open(with("step", "500ms")).fingerprint()).isNotEqualTo(before);
        for (var file : List.of("sub/b.dat", "sub/b.atr", "patients.csv", "a.edf")) {
            var path = folder.resolve(file);
            var bytes = Files.readAllBytes(path);
            var changed = bytes.clone();
            changed[changed.length - 2] ^= 1;
            Files.write(path, changed);
            assertThat(Objects.requireNonNull(
                            DatasetKinds.open(stored(SETTINGS)).fingerprint()))
                    .as(file)
                    .isNotEqualTo(before);
            Files.write(path, bytes);
        }
    }
}
