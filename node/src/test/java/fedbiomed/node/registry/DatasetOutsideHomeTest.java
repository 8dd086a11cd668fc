package fedbiomed.node.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker may read lies outside the node's home, also where a link has been laid after it was shared. */
class DatasetOutsideHomeTest {
    @TempDir
    Path folder;

    @Test
    void aFileThatHasBecomeALinkIntoTheHomeIsReadNoMore() throws IOException {
        var home = Files.createDirectory(folder.resolve("node"));
        var csv = Files.writeString(folder.resolve("patients.csv"), "age,ill\n61,1\n55,0\n");
        try (var database = NodeDatabase.open(home)) {
            var datasets = new DatasetRegistry(database, Clock.systemUTC());
            var shared = datasets.add(new StoredDataset("csv", csv), "Heart", List.of(), "");
            assertThat(datasets.requireUnchanged(shared)).isEqualTo(shared);
            var inside = Files.move(csv, home.resolve("patients.csv"));
            Files.createSymbolicLink(csv, inside);
            assertThatThrownBy(() -> datasets.requireUnchanged(shared))
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.POLICY))
                    .hasMessageContaining("lies in its node's home")
                    .hasMessageContaining(shared.id())
                    .hasMessageNotContaining(folder.toString());
        }
    }

    @Test
    void neitherMayHoldTheOther() throws IOException {
        var home = Files.createDirectories(folder.resolve("a/node"));
        var beside = Files.createDirectories(folder.resolve("a/node-data"));
        var homeFolder = new HomeFolder(home);
        assertThat(homeFolder.isApartFrom(beside)).isTrue();
        assertThat(homeFolder.isApartFrom(home)).isFalse();
        assertThat(homeFolder.isApartFrom(folder.resolve("a"))).isFalse();
        assertThat(homeFolder.isApartFrom(Files.createSymbolicLink(beside.resolve("up"), folder.resolve("a"))))
                .isFalse();
    }
}
