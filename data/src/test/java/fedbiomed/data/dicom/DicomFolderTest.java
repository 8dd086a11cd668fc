package fedbiomed.data.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.Samples;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.volume.ReferenceArray;
import fedbiomed.data.volume.ReferenceVolume;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders of series and of files; figures are those of pydicom and nibabel, by {@code src/test/python/medical_reference.py}. */
class DicomFolderTest {
    private static final String STEPS = "resample=2x1.5x1 size=6x5x7 zscore";
    /** Of the made patients, whose names, birth dates and identifiers stand in the files. */
    private static final String[] PRIVATE = {"Meier", "4711", "1950", "1.2.3"};

    @TempDir
    Path folder;

    private static Path made() {
        return ReferenceVolume.resource(DicomFolderTest.class, "made-folder");
    }

    static List<ReferenceArray> arrays() throws IOException {
        return ReferenceArray.of(ReferenceVolume.resource(DicomFolderTest.class, "folder-reference.csv"));
    }

    private static SampleSource open(Path path, Map<String, String> settings) {
        return DatasetKinds.open(StoredDataset.of("dicom", path, settings));
    }

    private void copy(String from, String to) throws IOException {
        var source = ReferenceVolume.resource(DicomFolderTest.class, from);
        try (var files = Files.walk(source)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var target = file.equals(source)
                        ? folder.resolve(to)
                        : folder.resolve(to).resolve(source.relativize(file).toString());
                Files.createDirectories(Objects.requireNonNull(target.getParent()));
                Files.copy(file, target);
            }
        }
    }

    private void refused(String expected, Map<String, String> settings) {
        assertThatThrownBy(() -> DatasetKinds.describe(StoredDataset.of("dicom", folder, settings)))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageContaining(expected)
                .message()
                .doesNotContain(PRIVATE);
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void aSeriesIsStackedTurnedAndTransformed(ReferenceArray expected) throws IOException {
        copy("made-folder/" + expected.sample(), "one");
        var source = open(folder, expected.transforms().isEmpty() ? Map.of() : Map.of("transforms", STEPS));
        source.requireSound();
        expected.assertSame(source, 0);
    }

    @Test
    void headerFieldsAndLabelsAreColumnsAndNobodyIsNamed() throws IOException {
        var source = open(made(), Map.of("transforms", STEPS, "fields", "PatientAge,PatientSex,EchoTime,KVP"));
        source.requireSound();
        assertThat(source.columns())
                .extracting(ColumnDescription::name, ColumnDescription::dtype, ColumnDescription::missing)
                .containsExactly(
                        tuple("image", "F32", 0L),
                        tuple("PatientAge", "F64", 1L),
                        tuple("PatientSex", null, 0L),
                        tuple("EchoTime", "F64", 0L),
                        tuple("KVP", "F64", 3L),
                        tuple("ill", "I64", 0L));
        assertThat(source.notes()).containsExactly("3 series of 12 files");
        assertThat(Samples.read(source, "PatientAge", 0).doubleAt(0)).isEqualTo(54);
        assertThat(Samples.read(source, "PatientAge", 1).doubleAt(0)).isEqualTo(1.5);
        assertThat(source.texts("PatientSex")).containsExactly("M", "F", "F");
        // P3's series lies two folders further down
        assertThat(Samples.read(source, "ill", 2).doubleAt(0)).isEqualTo(1);
        int index = 0;
        for (var expected : arrays()) {
            if (!expected.transforms().isEmpty()) {
                expected.assertSame(source, index++);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PatientName",
                "PatientID",
                "PatientBirthDate",
                "StudyDate",
                "AcquisitionTime",
                "InstitutionName",
                "SeriesInstanceUID",
                "AccessionNumber",
                "ReferringPhysicianName",
                "OperatorsName",
                "DeviceSerialNumber",
                "StationName",
                "SeriesDescription",
                "PatientComments"
            })
    void whatTellsWhoWhenOrWhereIsNoColumn(String field) {
        assertThatThrownBy(() -> open(made(), Map.of("fields", "PatientAge," + field)))
                .hasMessageContaining("names '" + field + "', which may tell who a patient is")
                .hasMessageContaining("PatientSex");
    }

    @Test
    void everyListedFieldHasItsKeyword() {
        assertThat(Arrays.stream(DicomAttribute.values()).map(DicomAttribute::keyword))
                .contains("PatientAge", "KVP", "MRAcquisitionType", "XRayTubeCurrent", "ManufacturerModelName")
                .doesNotHaveDuplicates();
        assertThatThrownBy(() -> open(made(), Map.of("fields", "patient age")))
                .hasMessageContaining("is not on the list");
        assertThatThrownBy(() -> open(made(), Map.of("fields", "KVP,KVP"))).hasMessageContaining("twice");
    }

    @Test
    void seriesInOneFolderAreToldApart() throws IOException {
        for (var from : List.of("P1/sagittal", "P2")) {
            for (var slice : List.of("IM0", "IM3", "IM4", "IM7")) {
                copy("made-folder/" + from + "/" + slice, from.substring(0, 2) + slice);
            }
        }
        Files.writeString(folder.resolve("DICOMDIR"), "");
        Files.writeString(folder.resolve("by-series.csv"), "SeriesInstanceUID,y\n1.2.3.4.2,7\n1.2.3.4.1,5\n");
        var source = open(folder, Map.of("transforms", STEPS, "key", "SeriesInstanceUID"));
        assertThat(source.samples()).isEqualTo(2);
        assertThat(Samples.read(source, "y", 0).doubleAt(0)).isEqualTo(5);
        assertThat(Samples.read(source, "y", 1).doubleAt(0)).isEqualTo(7);
        assertThat(source.columns()).extracting(ColumnDescription::name).containsExactly("image", "y");
        arrays().get(1).assertSame(source, 0);
        arrays().get(3).assertSame(source, 1);
    }

    @Test
    void filesAreImagesOfTheirOwn() throws IOException {
        copy("made-monochrome1.dcm", "a/1.dcm");
        copy("made-monochrome1.dcm", "b/2.dcm");
        Files.writeString(folder.resolve("labels.tsv"), "image_file\tsick\nb/2.dcm\tyes\na/1.dcm\tno\n");
        var kept = open(folder, Map.of("sample", "file", "monochrome1", "keep"));
        kept.requireSound();
        assertThat(kept.columns().getFirst().shape()).containsExactly(1L, 4L, 6L);
        assertThat(kept.texts("sick")).containsExactly("no", "yes");
        var stored = DicomFile.open(folder.resolve("a/1.dcm")).read().values();
        var values = Samples.read(kept, "image", 0).toDoubles();
        var inverted =
                Samples.read(open(folder, Map.of("sample", "file")), "image", 0).toDoubles();
        double both = Arrays.stream(values).min().orElseThrow()
                + Arrays.stream(values).max().orElseThrow();
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isEqualTo(stored[i]);
            assertThat(inverted[i]).isEqualTo(both - values[i]);
        }
        assertThat(open(folder, Map.of("sample", "file")).notes().getLast()).contains("2 of 2 are MONOCHROME1");
        var small = open(folder, Map.of("sample", "file", "transforms", "resize=2x3 minmax"));
        assertThat(small.columns().getFirst().shape()).containsExactly(1L, 2L, 3L);
        refused("needs 2 whole numbers", Map.of("sample", "file", "transforms", "resize=2x3x4"));
        refused("files are read as they are stored", Map.of("sample", "file", "orientation", "as-stored"));
    }

    @Test
    void framesAreChannelsOfAFileAndSlicesOfASeries() throws IOException {
        copy("made-enhanced.dcm", "e.dcm");
        var file = open(folder, Map.of("sample", "file"));
        var series = open(folder, Map.of());
        assertThat(file.columns().getFirst().shape()).containsExactly(3L, 4L, 5L);
        assertThat(series.columns().getFirst().shape()).containsExactly(1L, 3L, 4L, 5L);
        var stored = DicomFile.open(folder.resolve("e.dcm")).read().values();
        var frames = Samples.read(file, "image", 0).toDoubles();
        var slices = Samples.read(series, "image", 0).toDoubles();
        for (int i = 0; i < stored.length; i++) {
            assertThat(frames[i]).isEqualTo(stored[i]);
            // axial, upwards: rows run to the back and columns to the left, both against the standard
            int plane = i / 20 * 20;
            assertThat(slices[plane + 19 - i % 20]).isEqualTo(stored[i]);
        }
    }

    @Test
    void whatHasNoPlaceIsNotTurned() throws IOException {
        copy("made-numbered", "n");
        refused("does not say which way its slices lie", Map.of());
        var source = open(folder, Map.of("orientation", "as-stored"));
        source.requireSound();
        assertThat(source.columns().getFirst().shape()).containsExactly(1L, 4L, 3L, 4L);
        copy("made-folder/P1", "p1");
        copy("made-folder/P2", "p2");
        refused("leave orientation=as-stored away", Map.of("orientation", "as-stored"));
    }

    @Test
    void whatDoesNotGoTogetherIsToldWithItsRemedy() throws IOException {
        refused("holds no DICOM files", Map.of());
        copy("made-folder/P1", "p1");
        copy("made-folder/P2", "p2");
        refused(
                "1 of 2 samples of 'image' have another shape than the first (p1/sagittal/IM0, [1, 5, 6, 4]): p2/IM0",
                Map.of());
        refused("'sample' is series or file, not 'study'", Map.of("sample", "study"));
        refused("no file '../../labels.csv' in the folder", Map.of("labels", "../../labels.csv"));
        refused("there is no CSV", Map.of("key", "patient"));
        var labels = Files.writeString(folder.resolve("l.csv"), "patient,y\np1,1\n");
        refused("1 of 2 samples have no row", Map.of("transforms", STEPS));
        Files.writeString(labels, "patient,image\np1,1\np2,1\n");
        refused("rename it", Map.of("transforms", STEPS));
        Files.writeString(labels, "patient,PatientAge\np1,1\np2,1\n");
        refused("a name that the dataset uses already", Map.of("transforms", STEPS, "fields", "PatientAge"));
        Files.delete(labels);
        Files.delete(folder.resolve("p2/IM7"));
        refused("p2: ", Map.of("transforms", STEPS));
    }

    @Test
    void brokenAndHostileFilesAreNamed() throws IOException {
        copy("made-folder/P1", "p1");
        var slice = folder.resolve("p1/sagittal/IM7");
        var whole = Files.readAllBytes(slice);
        Files.write(slice, Arrays.copyOf(whole, whole.length - 20));
        refused("p1/sagittal/IM7: its header declares 60 bytes of pixels, but it has 40", Map.of());
        Files.writeString(slice, "notes of a visit");
        refused("p1/sagittal/IM7: ", Map.of());
        Files.delete(slice);
        Files.createSymbolicLink(slice, folder);
        refused("p1/sagittal/IM7 is a link", Map.of());
        Files.delete(slice);
        Files.createSymbolicLink(slice, Path.of("/etc/hostname"));
        refused("p1/sagittal/IM7 is a link", Map.of());
        Files.delete(slice);
        refused("slices are missing", Map.of());
        // a copy of a slice under another name
        Files.write(slice, whole);
        Files.write(folder.resolve("p1/copy"), whole);
        refused("lie at the same place", Map.of());
        Files.delete(folder.resolve("p1/copy"));
        // rows and columns of 65,535 in a file of some hundred bytes
        var text = new String(whole, StandardCharsets.ISO_8859_1);
        int rows = text.indexOf("\u0028\u0000\u0010\u0000US");
        int columns = text.indexOf("\u0028\u0000\u0011\u0000US");
        var huge = whole.clone();
        for (int at : new int[] {rows, columns}) {
            huge[at + 8] = (byte) 0xFF;
            huge[at + 9] = (byte) 0xFF;
        }
        Files.write(slice, huge);
        refused("p1/sagittal/IM7: ", Map.of());
    }

    @Test
    void aChangeOfContentNameOrReadingIsAnotherFingerprint() throws IOException {
        copy("made-folder/P1", "p1");
        var before = open(folder, Map.of()).fingerprint();
        assertThat(open(folder, Map.of()).fingerprint()).isEqualTo(before);
        assertThat(open(folder, Map.of("transforms", "zscore")).fingerprint()).isNotEqualTo(before);
        Files.move(folder.resolve("p1"), folder.resolve("p9"));
        assertThat(open(folder, Map.of()).fingerprint()).isNotEqualTo(before);
    }
}
