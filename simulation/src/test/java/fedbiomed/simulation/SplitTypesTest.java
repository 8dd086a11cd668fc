package fedbiomed.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.data.tabular.DeclaredTypes;
import fedbiomed.simulation.split.TableSplit;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the columns of a split table's parts are taken for. */
class SplitTypesTest {
    @TempDir
    Path folder;

    /** 20 patients a node; that one weight is no whole number shows at one node alone. */
    @Test
    void everyPartOfATableHasTheColumnTypesOfTheWhole() throws IOException {
        var csv = new StringBuilder("weight,code,sick\n");
        for (int row = 0; row < 60; row++) {
            csv.append(row == 7 ? "70.5" : "" + (60 + row % 9))
                    .append(',')
                    .append(row == 50 ? "x" : "" + row % 4)
                    .append(',')
                    .append(row % 2 == 0 ? "no" : "yes")
                    .append('\n');
        }
        var table = Files.writeString(folder.resolve("mixed.csv"), csv);
        try (var federation =
                SimulatedFederation.builder(folder.resolve("split")).open()) {
            var nodes = federation.addNodes(TableSplit.of(table, 3), "sick");
            assertThat(nodes)
                    .hasSize(3)
                    .allSatisfy(node -> assertThat(node.node()
                                    .datasets()
                                    .list()
                                    .getFirst()
                                    .description()
                                    .columns())
                            .extracting(ColumnDescription::type)
                            .containsExactly(ColumnType.REAL, ColumnType.TEXT, ColumnType.TEXT));
            // what a part says by itself is not declared: there it is the dataset that a hospital would have
            assertThat(nodes)
                    .extracting(node -> node.node()
                            .datasets()
                            .list()
                            .getFirst()
                            .stored()
                            .settings()
                            .get(DeclaredTypes.SETTING))
                    .contains("code:text,weight:real")
                    .isSubsetOf("code:text,weight:real", "code:text", "weight:real", null);
        }
        try (var federation =
                SimulatedFederation.builder(folder.resolve("split")).open()) {
            assertThat(federation.addNodes(TableSplit.of(table, 3), "sick"))
                    .as("the same parts are known again")
                    .allSatisfy(
                            node -> assertThat(node.node().datasets().list()).hasSize(1));
        }
    }
}
