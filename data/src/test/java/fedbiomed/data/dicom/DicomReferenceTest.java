package fedbiomed.data.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.volume.ReferenceVolume;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real and made images read as pydicom reads them: reference.csv, written by src/test/python/dicom_reference.py. */
class DicomReferenceTest {
    static List<ReferenceVolume> images() {
        return ReferenceVolume.beside(DicomReferenceTest.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CT_small.dcm", "made-jpeg-frames.dcm", "rtdose_rle.dcm"})
    void oneInstanceServesSeveralThreads(String name) {
        ReferenceVolume.assertSameInThreads(DicomFile.open(ReferenceVolume.resource(getClass(), name)));
    }

    @ParameterizedTest
    @MethodSource("images")
    void anImageIsReadAsPydicomReadsIt(ReferenceVolume expected) {
        Map<DicomAttribute, String> attributes;
        if (Files.isDirectory(expected.file())) {
            var series = DicomSeries.open(expected.file());
            expected.assertSameAs(series);
            attributes = series.attributes();
        } else {
            var file = DicomFile.open(expected.file());
            expected.assertSameAs(file);
            attributes = file.header().attributes();
        }
        for (var pair : expected.extra().split(",", -1)) {
            var parts = pair.split("=", -1);
            assertThat(attributes).containsEntry(DicomAttribute.valueOf(parts[0]), parts[1]);
        }
        // the names in these files
        assertThat(attributes.values())
                .noneMatch(value -> value.contains("Meier") || value.contains("4711") || value.contains("^"));
    }
}
