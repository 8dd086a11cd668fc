package fedbiomed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetKindsTest {
    @TempDir
    Path folder;

    @Test
    void aCsvFileIsDescribedAsADataset() throws IOException {
        var file = Files.writeString(folder.resolve("heart.csv"), "age,sex\n63,male\n,female\n41,male\n");
        var described = DatasetKinds.describe(new StoredDataset("csv", file));
        assertThat(described.shape()).containsExactly(3L, 2L);
        assertThat(described.columns()).extracting("name").containsExactly("age", "sex");
        assertThat(described.fingerprint()).hasSize(64);
    }

    @Test
    void whatIsNotKnownNamesWhatIs() {
        assertThat(DatasetKinds.all()).extracting(DatasetKind::name).contains("csv", "tensors", "image-folder", "idx");
        refused(new StoredDataset("xls", folder), ErrorCode.UNSUPPORTED, "no kind of dataset 'xls'; known are csv, ");
        refused(
                StoredDataset.of("image-folder", folder, Map.of("colors", "rgb")),
                ErrorCode.UNSUPPORTED,
                "no setting 'colors'; known are colour, ");
        refused(StoredDataset.of("csv", folder, Map.of("sep", ";")), ErrorCode.UNSUPPORTED, "known are types");
        refused(StoredDataset.of("tensors", folder, Map.of("sep", ";")), ErrorCode.UNSUPPORTED, "it has none");
    }

    @Test
    void aFileIsNoFolderAndWhatIsGoneIsMissed() throws IOException {
        var file = Files.writeString(folder.resolve("heart.csv"), "age\n63\n");
        refused(new StoredDataset("image-folder", file), ErrorCode.DATA_UNFIT, "heart.csv is a file, and");
        refused(new StoredDataset("csv", folder), ErrorCode.DATA_UNFIT, "is a folder, and");
        refused(new StoredDataset("csv", folder.resolve("gone")), ErrorCode.DATASET_CHANGED, "no such file or folder");
        assertThatThrownBy(() -> DatasetKinds.open(new StoredDataset("csv", file)))
                .hasMessageContaining("is a table");
    }

    private static void refused(StoredDataset data, ErrorCode code, String expected) {
        assertThatThrownBy(() -> DatasetKinds.describe(data))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(expected);
    }
}
