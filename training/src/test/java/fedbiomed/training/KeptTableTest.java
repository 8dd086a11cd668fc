package fedbiomed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.TableSpace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptTableTest {
    @TempDir
    Path folder;

    private final KeptTable tables = new KeptTable(TableSpace.inMemory());

    @Test
    void aTableIsReadOnceWhileItsFileIsTheSame() throws IOException {
        var file = Files.writeString(folder.resolve("data.csv"), "a,b\n1,2\n");
        var first = tables.read(new StoredDataset("csv", file), List.of("a"));
        assertThat(tables.read(new StoredDataset("csv", file), List.of("a"))).isSameAs(first);
        first.numbers("a")[0] = 99;
        assertThat(first.numbers("a")).as("what is given out is a copy").containsExactly(1);
        assertThat(tables.read(new StoredDataset("csv", file), List.of("b")).numbers("b"))
                .containsExactly(2);

        var kept = tables.read(new StoredDataset("csv", file), List.of("a"));
        Files.writeString(file, "a,b\n3,4\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        var changed = tables.read(new StoredDataset("csv", file), List.of("a"));
        assertThat(changed).isNotSameAs(kept);
        assertThat(changed.numbers("a")).containsExactly(3);

        // another file of the same length and time in its place
        var other = Files.writeString(folder.resolve("other.csv"), "a,b\n5,6\n");
        Files.setLastModifiedTime(other, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
        assertThat(tables.read(new StoredDataset("csv", file), List.of("a")).numbers("a"))
                .containsExactly(5);

        Files.delete(file);
        assertThatThrownBy(() -> tables.read(new StoredDataset("csv", file), List.of("a")))
                .hasMessageContaining("no such file");
    }
}
