package fedbiomed.data.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.file.Resources;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableFolderTest {
    @TempDir
    Path folder;

    private StoredDataset folder(String... types) {
        return StoredDataset.of("table-folder", folder, types.length == 0 ? Map.of() : Map.of("types", types[0]));
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    private void refused(StoredDataset data, String... says) {
        assertThatThrownBy(() -> DatasetKinds.describe(data)).hasMessageContainingAll(says);
        assertThatThrownBy(() -> DatasetKinds.read(data, List.of("age", "sex")).numbers("age"))
                .hasMessageContainingAll(says);
    }

    @Test
    void filesAreReadByTheirNamesAsOneTable() throws IOException {
        file("2025.csv", "age,sex\n61,f\n,m\n");
        file("2024.tsv", "age\tsex\n48\tm\n");
        file("2026.csv", "age;sex\n50.5;NA\n");
        var content = DatasetKinds.describe(folder());
        assertThat(content.samples()).isEqualTo(4);
        assertThat(content.columns())
                .containsExactly(
                        new ColumnDescription("age", ColumnType.REAL, 1),
                        new ColumnDescription("sex", ColumnType.TEXT, 1));
        var table = DatasetKinds.read(folder(), List.of("sex", "age"));
        assertThat(table.numbers("age")).containsExactly(48, 61, Double.NaN, 50.5);
        assertThat(table.texts("sex")).containsExactly("m", "f", "m", null);
    }

    @Test
    void aFileThatDiffersIsNamedWithWhatDiffers() throws IOException {
        file("a.csv", "age,sex\n61,f\n");
        file("b.csv", "age,gender\n48,m\n");
        refused(folder(), "b.csv: column 2 is 'gender'", "first file 'sex'");
        file("b.csv", "age\n48\n");
        refused(folder(), "b.csv: column 2 is none");
        file("b.csv", "age,sex\n48,m\n50\n");
        refused(folder(), "b.csv, line 3: 1 field");
        file("b.csv", "age,sex\n48,m\n\ninf,m\n");
        refused(folder(), "b.csv, line 4:", "'age'", "infinite");
        file("b.csv", "age,sex\n48,x\n");
        refused(folder("sex:categorical(f|m)"), "b.csv, line 2:", "'sex'", "not declared");
        file("b.csv", "");
        refused(folder(), "b.csv: it is empty");
        Files.delete(folder.resolve("b.csv"));
        file("notes.docx", "x");
        refused(folder(), "notes.docx is no table by its name");
    }

    @Test
    void parquetFilesAreOneTable() throws IOException {
        Files.copy(Resources.file("tabular/cohort.parquet"), folder.resolve("a.parquet"));
        Files.copy(Resources.file("tabular/cohort.parquet"), folder.resolve("b.parquet"));
        var content = DatasetKinds.describe(folder());
        assertThat(content.samples()).isEqualTo(1000);
        assertThat(content.columns().get(5)).isEqualTo(new ColumnDescription("crp", ColumnType.REAL, 80));
        var table = DatasetKinds.read(folder(), List.of("patient", "zip"));
        assertThat(table.numbers("patient")).hasSize(1000).startsWith(1, 2, 3).endsWith(499, 500);
        assertThat(table.texts("zip")[500]).isEqualTo(table.texts("zip")[0]).isEqualTo("42675");
        assertThatThrownBy(() -> DatasetKinds.describe(folder("sex:categorical(m)")))
                .hasMessageContainingAll("a.parquet, row 2:", "'sex'");
        Files.copy(
                Resources.file("tabular/nested.parquet"),
                folder.resolve("b.parquet"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(() -> DatasetKinds.describe(folder()))
                .hasMessageContaining("b.parquet: column 'codes' is nested");
        file("b.csv", "a\n1\n");
        Files.delete(folder.resolve("b.parquet"));
        assertThatThrownBy(() -> DatasetKinds.describe(folder())).hasMessageContaining("Parquet files and others");
    }
}
