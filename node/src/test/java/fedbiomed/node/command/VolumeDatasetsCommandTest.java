package fedbiomed.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The samples that the readers' tests made with nibabel and pydicom, as a data manager adds them. */
class VolumeDatasetsCommandTest extends TypedNodeCommands {
    private static final Path MADE = Path.of("../data/src/test/resources/fedbiomed/data");

    private Path copied(String from) throws IOException {
        var source = MADE.resolve(from);
        var to = folder.resolve("hospital");
        try (var files = Files.walk(source)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var target = to.resolve(source.relativize(file).toString());
                Files.createDirectories(Objects.requireNonNull(target.getParent()));
                Files.copy(file, target);
            }
        }
        return to;
    }

    private int add(Path data, String kind, String... settings) {
        var arguments = new ArrayList<>(
                List.of("dataset", "add", data.toString(), "--name", "Volumes", "--tags", "v", "--kind", kind));
        Arrays.stream(settings).forEach(setting -> arguments.addAll(List.of("--set", setting)));
        return runAtHome(arguments.toArray(String[]::new));
    }

    private List<String> lines() {
        return out.lines().map(line -> line.replaceAll(" +", " ").strip()).toList();
    }

    @Test
    void aBidsFolderIsAddedAndWhoIsLeftOutIsTold() throws IOException {
        var bids = copied("medical/bids");
        assertThat(add(bids, "medical-folder", "T1W=zscore")).isEqualTo(1);
        assertThat(err).contains("'T1W' is neither a setting");
        assertThat(add(bids, "medical-folder", "masks=dseg")).isEqualTo(1);
        assertThat(err).contains("samples of 'T1w' have another shape", "resample=1x1x1 size=");
        Files.delete(bids.resolve("sub-04/anat/sub-04_dseg.nii"));
        assertThat(add(bids, "medical-folder", "masks=dseg", "transforms=resample=1x1x1 size=4x5x6"))
                .isEqualTo(1);
        assertThat(err).contains("1 of 5 subjects lack something: sub-04 (dseg)", "missing=leave-out");
        assertThat(add(
                        bids,
                        "medical-folder",
                        "masks=dseg",
                        "missing=leave-out",
                        "T1w=resample=1x1x1 size=4x5x6 zscore",
                        "dseg=resample=1x1x1 size=4x5x6"))
                .as(err)
                .isZero();
        assertThat(lines())
                .contains(
                        "samples 4",
                        "set T1w=resample=1x1x1 size=4x5x6 zscore",
                        "T1w F32 [1, 4, 5, 6] 0",
                        "dseg I32 [1, 4, 5, 6] 0",
                        "age I64 one number 0",
                        "sex text one text 0",
                        "For you alone, not for researchers:",
                        "- left out: 1 of 5 subjects lack something: sub-04 (dseg)");
        assertThat(runAtHome("dataset", "list", "--json")).isZero();
        assertThat(out).contains("medical-folder").doesNotContain("sub-0");
        var id = out.replaceAll("(?s).*\"id\":\"([^\"]+)\".*", "$1");
        for (var format : List.of("--json", "")) {
            assertThat(show(id, format)).as(err).isZero();
            assertThat(out).as("kept for the data manager").contains("left out: 1 of 5 subjects", "sub-04 (dseg)");
            assertThat(show(id, "--as-researcher", format)).as(err).isZero();
            assertThat(out).contains("Volumes").doesNotContain("sub-0");
        }
    }

    private int show(String id, String... options) {
        return runAtHome(Stream.concat(Stream.of("dataset", "show", id), Stream.of(options))
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new));
    }

    @Test
    void aFolderOfSeriesIsAddedWithHeaderFieldsThatNameNobody() throws IOException {
        var series = copied("dicom/made-folder");
        assertThat(add(series, "dicom", "fields=PatientAge,PatientName")).isEqualTo(1);
        assertThat(err).contains("'PatientName', which may tell who a patient is");
        assertThat(add(
                        series,
                        "dicom",
                        "fields=PatientAge,PatientSex",
                        "transforms=resample=2x2x2 size=4x4x4 minmax",
                        "labels=labels.csv"))
                .as(err)
                .isZero();
        assertThat(lines())
                .contains(
                        "samples 3",
                        "image F32 [1, 4, 4, 4] 0",
                        "PatientAge F64 one number 1",
                        "PatientSex text one text 0",
                        "ill I64 one number 0",
                        "- 3 series of 12 files");
        assertThat(out + err).doesNotContain("Meier", "4711", "1950");
        assertThat(run("dataset", "kinds")).isZero();
        assertThat(out).contains("medical-folder", "MODALITY", "dicom", "monochrome1");
    }
}
