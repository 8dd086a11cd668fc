package fedbiomed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.loading.LoadedColumn;
import fedbiomed.data.loading.LoadingPlan;
import fedbiomed.data.loading.OtherColumns;
import fedbiomed.data.loading.OtherValues;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadingPlanTest {
    private static final LoadedColumn SEX =
            recoded("sex", "geschlecht", Map.of("M", "male", "W", "female", "x", "NA"), OtherValues.REFUSED);
    private static final LoadedColumn ILL = recoded("ill", "krank", Map.of("ja", "1", "nein", "0"), OtherValues.KEPT);
    private static final LoadedColumn AGE = LoadedColumn.of("age", "alter");

    @TempDir
    Path folder;

    private Path csv = Path.of("");

    @BeforeEach
    void aTable() throws IOException {
        csv = Files.writeString(
                folder.resolve("patienten.csv"),
                "nr,alter,geschlecht,krank\n1,61,M,ja\n2,,W,nein\n3,48,x,ja\n4,39,,nein\n");
    }

    private static LoadedColumn recoded(String name, String from, Map<String, String> values, OtherValues others) {
        return new LoadedColumn(name, from, new TreeMap<>(values), others);
    }

    private static LoadingPlan plan(OtherColumns others, LoadedColumn... columns) {
        return new LoadingPlan("hearts", List.of(columns), others);
    }

    private StoredDataset under(LoadingPlan plan) {
        return new StoredDataset("csv", csv).under(plan);
    }

    @Test
    void aTableIsDescribedAndReadUnderAgreedNamesAndValues() {
        var data = under(plan(OtherColumns.HIDDEN, AGE, SEX, ILL));
        var content = DatasetKinds.describe(data);
        assertThat(content.samples()).isEqualTo(4);
        assertThat(content.columns())
                .containsExactly(
                        new ColumnDescription("age", ColumnType.INTEGER, 1),
                        new ColumnDescription("sex", ColumnType.TEXT, 2),
                        new ColumnDescription("ill", ColumnType.INTEGER, 0));
        var table = DatasetKinds.read(data, List.of("ill", "sex", "age"));
        assertThat(table.columnNames()).containsExactly("ill", "sex", "age");
        assertThat(table.numbers("ill")).containsExactly(1, 0, 1, 0);
        assertThat(table.texts("sex")).containsExactly("male", "female", null, null);
        assertThat(table.numbers("age")).containsExactly(61, Double.NaN, 48, 39);
    }

    @Test
    void otherColumnsAreThereOnlyWhereTheyAreKept() {
        var hidden = under(plan(OtherColumns.HIDDEN, AGE));
        assertThat(DatasetKinds.describe(hidden).columns())
                .extracting(ColumnDescription::name)
                .containsExactly("age");
        assertThatThrownBy(() -> DatasetKinds.read(hidden, List.of("nr")))
                .hasMessageContaining("there is no column 'nr' under the loading plan 'hearts'")
                .hasMessageNotContaining("alter");
        var kept = under(plan(OtherColumns.KEPT, AGE));
        assertThat(DatasetKinds.describe(kept).columns())
                .extracting(ColumnDescription::name)
                .containsExactly("age", "nr", "geschlecht", "krank");
        assertThat(DatasetKinds.read(kept, List.of("nr")).numbers("nr")).containsExactly(1, 2, 3, 4);
        // the node's own name is not there any more, and no error tells it
        assertThatThrownBy(() -> DatasetKinds.read(kept, List.of("alter")))
                .hasMessageContaining("no column 'alter' under");
        assertThatThrownBy(() -> DatasetKinds.read(kept, List.of("height")))
                .hasMessageContaining("cannot be read under the loading plan 'hearts'")
                .hasMessageNotContaining("alter");
    }

    @Test
    void thePlanIsPartOfTheFingerprintAndItsNameIsNot() {
        var plain = DatasetKinds.describe(new StoredDataset("csv", csv)).fingerprint();
        var mapped = DatasetKinds.describe(under(plan(OtherColumns.KEPT, AGE))).fingerprint();
        var hidden =
                DatasetKinds.describe(under(plan(OtherColumns.HIDDEN, AGE))).fingerprint();
        assertThat(List.of(plain, mapped, hidden)).doesNotHaveDuplicates();
        var renamed = new LoadingPlan("other", List.of(AGE), OtherColumns.KEPT);
        assertThat(DatasetKinds.describe(under(renamed)).fingerprint()).isEqualTo(mapped);
    }

    @Test
    void whatDoesNotFitIsRefusedWithoutAValue() {
        refused(plan(OtherColumns.KEPT, LoadedColumn.of("age", "age")), "names the column 'age'", "it has nr, alter");
        refused(
                plan(OtherColumns.KEPT, LoadedColumn.of("nr", "alter")),
                "two columns would be called 'nr'",
                "other_columns: hidden");
        refused(
                plan(
                        OtherColumns.KEPT,
                        recoded("sex", "geschlecht", Map.of("M", "male", "x", ""), OtherValues.REFUSED)),
                "column 'sex': 1 of 4 samples",
                "the first is sample 2");
        assertThatThrownBy(() -> plan(OtherColumns.KEPT, AGE, LoadedColumn.of("age", "nr")))
                .hasMessageContaining("two columns, 'alter' and 'nr', are mapped onto one name, 'age'");
        assertThatThrownBy(() -> plan(OtherColumns.KEPT, AGE, LoadedColumn.of("years", "alter")))
                .hasMessageContaining("mapped twice, onto 'age' and 'years'");
        assertThatThrownBy(() -> plan(OtherColumns.KEPT)).hasMessageContaining("names 0 columns");
        assertThatThrownBy(() -> recoded("sex", "geschlecht", Map.of("NA", "unknown"), OtherValues.KEPT))
                .hasMessageContaining("stands for a missing value");
        assertThatThrownBy(() -> new LoadedColumn("sex", "s", new TreeMap<>(Map.of("M", "m")), null))
                .hasMessageContaining("what becomes of others is not said");
    }

    private void refused(LoadingPlan plan, String... expected) {
        assertThatThrownBy(() -> DatasetKinds.describe(under(plan)))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_UNFIT))
                .hasMessageContainingAll(expected)
                .hasMessageNotContaining("W");
    }

    @Test
    void arraysAreMappedAndColumnsOfOneValueRecoded() {
        var arrays = Parameters.builder();
        arrays.put("t1", Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2));
        arrays.put("grad", Tensor.ofLongs(new long[] {1, 3, 2}, 3));
        arrays.put("code", Tensor.ofDoubles(new double[] {1, 2.5, 1}, 3));
        var file = folder.resolve("scans.safetensors");
        Safetensors.write(file, arrays.build());
        var data = new StoredDataset("tensors", file)
                .under(plan(
                        OtherColumns.HIDDEN,
                        LoadedColumn.of("scan", "t1"),
                        recoded("grade", "grad", Map.of("1", "low", "2", "low", "3", "high"), OtherValues.REFUSED),
                        recoded("code", "code", Map.of("1", "7"), OtherValues.KEPT)));
        var source = DatasetKinds.open(data);
        assertThat(source.columns())
                .containsExactly(
                        new ColumnDescription("scan", ColumnType.REAL, 0, "F32", List.of(2L)),
                        new ColumnDescription("grade", ColumnType.TEXT, 0),
                        new ColumnDescription("code", ColumnType.REAL, 0, "F64", List.of()));
        assertThat(source.texts("grade")).containsExactly("low", "high", "low");
        assertThat(Samples.read(source, "scan", 2).doubleAt(1)).isEqualTo(6);
        assertThat(Samples.read(source, "code", 0).doubleAt(0)).isEqualTo(7);
        assertThat(Samples.read(source, "code", 1).doubleAt(0)).isEqualTo(2.5);
        assertThat(DatasetKinds.describe(data).fingerprint())
                .isNotEqualTo(DatasetKinds.describe(data.under(null)).fingerprint());
        var text = recoded("grade", "grad", Map.of("1", "low"), OtherValues.KEPT);
        assertThat(DatasetKinds.open(data.under(plan(OtherColumns.KEPT, text))).columns())
                .hasSize(3);
        var alone = recoded("grade", "grad", Map.of("1", "low", "2", "low", "3", "high"), OtherValues.KEPT);
        assertThatThrownBy(() -> DatasetKinds.open(data.under(plan(OtherColumns.HIDDEN, alone))))
                .hasMessageContaining("leaves text alone");
        var scan = plan(OtherColumns.KEPT, recoded("t1", "t1", Map.of("1", "2"), OtherValues.KEPT));
        assertThatThrownBy(() -> DatasetKinds.open(data.under(scan)))
                .hasMessageContaining("column 't1': it is an array of shape [2] a sample");
    }

    @Test
    void itGoesToTheWorkerAsItIs() throws IOException {
        var data = under(plan(OtherColumns.HIDDEN, AGE, SEX));
        assertThat(Json.MAPPER.readValue(Json.bytes(data), StoredDataset.class)).isEqualTo(data);
        var older = "{\"kind\":\"csv\",\"path\":\"/a.csv\",\"settings\":{}}";
        assertThat(Json.MAPPER.readValue(older, StoredDataset.class))
                .isEqualTo(new StoredDataset("csv", Path.of("/a.csv")));
        assertThat(plan(OtherColumns.KEPT, AGE, SEX).description())
                .satisfies(told -> assertThat(told.mapped()).containsExactly("age", "sex"))
                .satisfies(told -> assertThat(told.recoded()).containsExactly("sex"))
                .satisfies(told -> assertThat(Json.text(told)).doesNotContain("geschlecht", "\"M\"", "male"));
    }
}
