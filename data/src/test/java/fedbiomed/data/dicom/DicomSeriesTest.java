package fedbiomed.data.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.volume.ReferenceVolume;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of real CT slices (CT5N: at -1.2375, 1.2625, 3.7625, 6.2625 and 8.7625 mm) and of made ones without places. */
class DicomSeriesTest {
    @TempDir
    Path folder;

    private Path copy(String from, String name) throws IOException {
        return Files.copy(ReferenceVolume.resource(DicomSeriesTest.class, from), folder.resolve(name));
    }

    /** From the uppermost to the lowest. */
    private void copySlices() throws IOException {
        for (var name : new String[] {"2062", "2392", "2693", "3023", "3353"}) {
            copy("CT5N/" + name, name);
        }
    }

    /** A copy of a slice, with one text of its header changed to another of the same length. */
    private void change(String name, String from, String to) throws IOException {
        var path = folder.resolve(name);
        var text = Files.readString(path, StandardCharsets.ISO_8859_1);
        assertThat(text).contains(from);
        Files.writeString(path, text.replace(from, to), StandardCharsets.ISO_8859_1);
    }

    private void assertUnfit(String expected) {
        assertThatThrownBy(() -> DicomSeries.open(folder))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageContaining(expected);
    }

    @Test
    void slicesAreOrderedByPlaceWhateverTheirNamesAndNumbers() throws IOException {
        copySlices();
        copy("README.md", ".hidden");
        Files.writeString(folder.resolve("DICOMDIR"), "");
        Files.createDirectory(folder.resolve("other"));
        var series = DicomSeries.open(folder);
        assertThat(series.shape()).containsExactly(5, 16, 16);
        assertThat(series.read().values())
                .startsWith(DicomFile.open(folder.resolve("3353")).read().values())
                .endsWith(DicomFile.open(folder.resolve("2062")).read().values());
        assertThat(series.number(DicomAttribute.PATIENT_AGE)).hasValue(43);
        Files.delete(folder.resolve("2062"));
        Files.delete(folder.resolve("2392"));
        Files.delete(folder.resolve("2693"));
        Files.delete(folder.resolve("3023"));
        assertThat(DicomSeries.open(folder).shape()).containsExactly(1, 16, 16);
        assertThat(DicomSeries.open(folder).spacing()[0]).as("Slice Thickness").isEqualTo(2.5);
    }

    /** Passing over it would leave a slice out. */
    @Test
    void aLinkToNowhereIsRefused() throws IOException {
        copySlices();
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        assertThatThrownBy(() -> DicomSeries.open(folder)).hasMessageStartingWith("link: there is no such file");
    }

    @Test
    void aGapIsRefusedWithThePlace() throws IOException {
        copySlices();
        Files.delete(folder.resolve("2693"));
        assertUnfit("3023 and 2392 are 5.00 mm apart, others 2.50 mm: slices are missing");
    }

    @Test
    void twoSlicesAtOnePlaceAreRefused() throws IOException {
        copySlices();
        copy("CT5N/2693", "copy");
        assertUnfit("lie at the same place");
    }

    @Test
    void slicesOfOtherSeriesSizesAndOrientationsAreRefused() throws IOException {
        copySlices();
        copy("CT_small.dcm", "x");
        assertUnfit("2062 and x are not slices of one volume: they differ in their series");
        Files.delete(folder.resolve("x"));
        change(
                "2392",
                "1.000000\\0.000000\\0.000000\\0.000000\\1.000000",
                "0.000000\\1.000000\\0.000000\\1.000000\\0.000000");
        assertUnfit("2062 and 2392 are not slices of one volume: they differ in their orientation");
        Files.delete(folder.resolve("2392"));
        copy("CT5N/2392", "2392");
        change(
                "2392",
                "1.000000\\0.000000\\0.000000\\0.000000\\1.000000",
                "0.000000\\0.000000\\0.000000\\0.000000\\1.000000");
        assertUnfit("2392: Image Position (0020,0032) is not three numbers, or Image Orientation");
        Files.delete(folder.resolve("2392"));
        copy("CT5N/2392", "2392");
        change("2392", "0.488281\\0.488281", "0.488281\\0.588281");
        assertUnfit("they differ in their Pixel Spacing");
    }

    @Test
    void withoutPlacesTheNumbersDecide() throws IOException {
        copy("made-numbered/b", "2");
        copy("made-numbered/c", "1");
        assertThat(DicomSeries.open(folder).read().values())
                .startsWith(DicomFile.open(folder.resolve("2")).read().values());
        copy("made-numbered/c", "3");
        assertUnfit("1 and 3 have the same Instance Number");
        Files.delete(folder.resolve("3"));
        Files.delete(folder.resolve("1"));
        copy("made-numbered/d", "4");
        assertUnfit("2 and 4 have Instance Numbers with a gap between");
    }

    @Test
    void whatIsNoFolderOfSlicesIsRefused() throws IOException {
        assertUnfit("it has no files");
        copy("rtdose.dcm", "dose");
        assertUnfit("dose has 15 frames; a file of several frames is a volume by itself");
        copy("README.md", "README.md");
        assertUnfit("README.md: it is no DICOM file");
        assertThatThrownBy(() -> DicomSeries.open(folder.resolve("none")))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATASET_CHANGED));
    }

    @Test
    void theLimitIsThatOfTheWholeVolume() throws IOException {
        copySlices();
        assertThat(DicomSeries.open(folder, 5 * 256).voxels()).isEqualTo(5 * 256);
        assertThatThrownBy(() -> DicomSeries.open(folder, 5 * 256 - 1)).hasMessageContaining("more than 1279 pixels");
    }
}
