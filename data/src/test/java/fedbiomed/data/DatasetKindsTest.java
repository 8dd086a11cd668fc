package fedbiomed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.file.Resources;
import fedbiomed.data.loading.LoadedColumn;
import fedbiomed.data.loading.LoadingPlan;
import fedbiomed.data.loading.OtherColumns;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /** So that a table that was touched is known again without a look into it. */
    @Test
    void aTablesFingerprintIsOneOfItsBytesAndOfHowItIsRead() throws IOException {
        var tables = Files.createDirectory(folder.resolve("tables"));
        var csv = Files.writeString(tables.resolve("a.csv"), "age,sex\n63,m\n");
        var plan = new LoadingPlan("agreed", List.of(LoadedColumn.of("gender", "sex")), OtherColumns.KEPT);
        for (var settings : List.of(Map.<String, String>of(), Map.of("types", "sex:categorical(f|m)"))) {
            for (var data : List.of(
                    StoredDataset.of("csv", csv, settings),
                    StoredDataset.of("table-folder", tables, settings),
                    StoredDataset.of("parquet", Resources.file("tabular/cohort.parquet"), settings))) {
                assertThat(DatasetKinds.fingerprint(data))
                        .hasValue(DatasetKinds.describe(data).fingerprint());
                var mapped = data.under(plan);
                assertThat(DatasetKinds.fingerprint(mapped))
                        .hasValue(DatasetKinds.describe(mapped).fingerprint());
            }
        }
        assertThat(DatasetKinds.fingerprint(new StoredDataset("files", folder))).isEmpty();
    }

    private static void refused(StoredDataset data, ErrorCode code, String expected) {
        assertThatThrownBy(() -> DatasetKinds.describe(data))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(expected);
    }
}
