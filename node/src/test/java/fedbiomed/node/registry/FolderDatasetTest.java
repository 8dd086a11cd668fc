package fedbiomed.node.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderDatasetTest {
    @TempDir
    Path folder;

    private static void image(Path file) throws IOException {
        ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY), "png", file.toFile());
    }

    @Test
    void aFolderWhoseFilesChangeIsNoticedAndNoneIsNamed() throws IOException {
        var home = Files.createDirectory(folder.resolve("node"));
        Identity.create(PartyId.of("hospital-a"), home);
        var sick = Files.createDirectories(folder.resolve("xrays/sick"));
        image(sick.resolve("patient-1.png"));
        image(sick.resolve("patient-2.png"));
        var data = StoredDataset.of("image-folder", folder.resolve("xrays"), Map.of("size", "8x8"));
        RegisteredDataset added;
        try (var database = NodeDatabase.open(home)) {
            added = new DatasetRegistry(database, DatasetKinds::describe, Clock.systemUTC())
                    .add(data, "X-rays", List.of("xray"), "");
        }
        try (var database = NodeDatabase.open(home)) {
            var datasets = new DatasetRegistry(database, DatasetKinds::describe, Clock.systemUTC());
            assertThat(datasets.get(added.id())).isEqualTo(added);
            assertThat(datasets.requireUnchanged(added)).isEqualTo(added);

            // touched, and of the same content
            Files.setLastModifiedTime(sick.resolve("patient-1.png"), FileTime.from(Instant.EPOCH));
            var touched = datasets.requireUnchanged(added);
            assertThat(touched.fileState()).isNotEqualTo(added.fileState());
            assertThat(touched.description()).isEqualTo(added.description());

            image(sick.resolve("patient-3.png"));
            changed(datasets, added);
            Files.delete(sick.resolve("patient-3.png"));
            Files.createSymbolicLink(sick.resolve("patient-4.png"), Path.of("/etc/passwd"));
            changed(datasets, added);
        }
    }

    private static void changed(DatasetRegistry datasets, RegisteredDataset dataset) {
        assertThatThrownBy(() -> datasets.requireUnchanged(dataset))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATASET_CHANGED))
                .hasMessageContaining(dataset.id())
                .hasMessageNotContaining("patient-");
    }
}
