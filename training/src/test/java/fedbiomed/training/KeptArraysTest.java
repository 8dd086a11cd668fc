package fedbiomed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptArraysTest {
    private static final String MATRIX = "gene,a,b\nTP53,1,2\n";

    @TempDir
    Path folder;

    private StoredDataset data(Map<String, String> settings) {
        return StoredDataset.of("expression", folder, settings);
    }

    @Test
    void theSameFilesAreOpenedOnce() throws IOException {
        Files.writeString(folder.resolve("m.csv"), MATRIX);
        var kept = new KeptArrays();
        var first = kept.open(data(Map.of()));
        assertThat(kept.open(data(Map.of()))).isSameAs(first);
        // read otherwise
        assertThat(kept.open(data(Map.of("missing", "nan")))).isNotSameAs(first);
        var second = kept.open(data(Map.of()));
        Files.writeString(folder.resolve("m.csv"), MATRIX + "MYC,3,4\n");
        var third = kept.open(data(Map.of()));
        assertThat(third).isNotSameAs(second);
        assertThat(third.columns().getFirst().shape()).containsExactly(2L);
        // a further file
        Files.writeString(folder.resolve("p.csv"), "id,case\na,1\nb,0\n");
        assertThat(kept.open(data(Map.of("matrix", "m.csv"))).columns()).hasSize(2);
    }

    @Test
    void whatIsNoLongerThereIsSaidAsWithoutIt() throws IOException {
        Files.writeString(folder.resolve("m.csv"), MATRIX);
        var kept = new KeptArrays();
        kept.open(data(Map.of()));
        Files.delete(folder.resolve("m.csv"));
        assertThatThrownBy(() -> kept.open(data(Map.of())))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("the folder holds no matrix");
    }
}
