package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.DatasetContent;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnDetail;
import fedbiomed.vocabulary.ColumnType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that a file may have taken over says is believed only where it can be true. */
class SoundContentTest {
    private static final ColumnDescription AGE = new ColumnDescription("age", ColumnType.INTEGER, 0);
    private static final ColumnDescription ARRAY = array("F32", List.of(1L, 64L, 64L));

    @TempDir
    Path folder;

    private StoredDataset table;
    private StoredDataset images;
    private String fingerprint = "";

    @BeforeEach
    void files() throws IOException {
        table = new StoredDataset(DatasetKinds.PARQUET, Files.writeString(folder.resolve("t.parquet"), "any bytes"));
        images = new StoredDataset("image-folder", folder);
        fingerprint = DatasetKinds.fingerprint(table).orElseThrow();
    }

    private static ColumnDescription array(String dtype, List<Long> shape) {
        return new ColumnDescription("image", ColumnType.REAL, 0, dtype, shape);
    }

    private DatasetContent content(ColumnDescription... columns) {
        return new DatasetContent(10, List.of(columns), fingerprint);
    }

    private void refused(StoredDataset data, DatasetContent content, String says) {
        assertThat(SoundContent.problem(content, data))
                .hasValueSatisfying(problem -> assertThat(problem).contains(says));
    }

    @Test
    void whatCanBeTrueIsBelieved() {
        assertThat(SoundContent.problem(content(AGE, new ColumnDescription("born", ColumnDetail.DATE, 10)), table))
                .isEmpty();
        assertThat(SoundContent.problem(content(ARRAY, AGE), images)).isEmpty();
    }

    @Test
    void numbersOfSamplesAndColumnsAreBounded() {
        refused(table, new DatasetContent(0, List.of(AGE), fingerprint), "0 samples");
        refused(table, new DatasetContent(1L << 40, List.of(AGE), fingerprint), "samples");
        refused(table, content(), "0 columns");
        refused(
                table,
                new DatasetContent(10, Collections.nCopies(DatasetContent.MAX_COLUMNS + 1, AGE), fingerprint),
                "100001 columns");
    }

    @Test
    void aFingerprintIsTheBytesOwn() {
        refused(table, new DatasetContent(10, List.of(AGE), "0".repeat(64)), "of another content");
        refused(images, new DatasetContent(10, List.of(ARRAY), "../etc"), "fingerprint that is none");
    }

    @Test
    void columnsAreThoseOfTheKind() {
        refused(table, content(AGE, AGE), "column");
        refused(table, content(ARRAY), "column");
        refused(table, content(new ColumnDescription("a", ColumnType.REAL, 11)), "column");
        refused(table, content(new ColumnDescription("a", ColumnType.REAL, -1)), "column");
        refused(table, content(new ColumnDescription("x".repeat(1001), ColumnType.REAL, 0)), "column");
        refused(
                table,
                content(new ColumnDescription("a", new ColumnDetail(ColumnType.CATEGORICAL, 11, List.of()), 0)),
                "column");
        refused(images, content(AGE), "without an array");
        refused(images, content(array("F33", List.of(1L))), "column");
        refused(images, content(array("F32", List.of(1L << 30, 1L << 30))), "column");
        refused(images, content(array("F32", List.of(0L))), "column");
    }

    @Test
    void notesSteerNoTerminal() {
        refused(table, new DatasetContent(10, List.of(AGE), fingerprint, List.of("\u001b[2J")), "notes");
        refused(table, new DatasetContent(10, List.of(AGE), fingerprint, Collections.nCopies(101, "x")), "notes");
    }
}
