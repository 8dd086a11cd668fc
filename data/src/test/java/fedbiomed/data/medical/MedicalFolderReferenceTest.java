package fedbiomed.data.medical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.Samples;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.volume.ReferenceArray;
import fedbiomed.data.volume.ReferenceVolume;
import fedbiomed.vocabulary.ColumnDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A BIDS folder of subjects scanned in different orientations; the figures are nibabel's and SciPy's. */
class MedicalFolderReferenceTest {
    private static final Path BIDS = ReferenceVolume.resource(MedicalFolderReferenceTest.class, "bids");
    private static final String GEOMETRY = "resample=2x1.5x1 size=6x5x7";

    @TempDir
    Path folder;

    static List<ReferenceArray> arrays() throws IOException {
        return ReferenceArray.of(ReferenceVolume.resource(MedicalFolderReferenceTest.class, "reference.csv"));
    }

    private static SampleSource open(Path path, Map<String, String> settings) {
        return DatasetKinds.open(StoredDataset.of("medical-folder", path, settings));
    }

    @ParameterizedTest
    @MethodSource("arrays")
    void anImageIsTurnedAndTransformedAsNibabelAndSciPyDo(ReferenceArray expected) throws IOException {
        // a folder of that subject alone: without transforms the subjects have not one shape
        var sample = folder.resolve("one").resolve(expected.sample());
        if (expected.array().equals("bold")) {
            NiftiCopies.copy(ReferenceVolume.resource(getClass(), "bold.nii.gz"), sample.resolve("bold/image.nii.gz"));
        } else {
            NiftiCopies.copyFolder(BIDS.resolve(expected.sample()), sample);
        }
        var settings = expected.transforms().isEmpty()
                ? Map.of("modalities", expected.array())
                : Map.of("masks", "dseg", "transforms", expected.transforms());
        var source = open(folder.resolve("one"), settings);
        source.requireSound();
        expected.assertSame(source, 0);
    }

    @Test
    void subjectsOfAllOrientationsAreOneDatasetWithTheirDemographics() throws IOException {
        var source = open(BIDS, Map.of("masks", "dseg", "T1w", GEOMETRY + " zscore", "dseg", GEOMETRY));
        source.requireSound();
        assertThat(source.samples()).isEqualTo(5);
        assertThat(source.columns())
                .extracting(
                        ColumnDescription::name,
                        ColumnDescription::dtype,
                        ColumnDescription::shape,
                        ColumnDescription::missing)
                .containsExactly(
                        tuple("T1w", "F32", List.of(1L, 6L, 5L, 7L), 0L),
                        tuple("dseg", "I32", List.of(1L, 6L, 5L, 7L), 0L),
                        tuple("subject", "I64", List.of(), 0L),
                        tuple("age", "I64", List.of(), 0L),
                        tuple("sex", null, List.of(), 1L),
                        tuple("score", "F64", List.of(), 1L));
        assertThat(source.notes()).isEmpty();
        assertThat(source.texts("sex")).containsExactly("M", "F", "F", null, "M");
        assertThat(Samples.read(source, "age", 2).doubleAt(0)).isEqualTo(71);
        assertThat(Samples.read(source, "score", 2).doubleAt(0)).isNaN();
        for (var expected : arrays()) {
            if (!expected.transforms().isEmpty()) {
                expected.assertSame(source, Integer.parseInt(expected.sample().substring(4)) - 1);
            }
        }
        var labels = Samples.read(source, "dseg", 1).toDoubles();
        assertThat(Arrays.stream(labels).boxed().distinct()).isSubsetOf(0.0, 1.0, 2.0, 3.0);
    }
}
