package fedbiomed.researcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.store.SealedEntry;
import fedbiomed.vocabulary.FedbiomedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a researcher publishes goes when it is withdrawn, and only then, whoever else published the same. */
class PublishedModelsTest {
    @TempDir
    private Path folder;

    private TestWorld world;
    private TestNode node;
    private Path model;

    @BeforeEach
    void aModel() throws IOException, InterruptedException {
        world = new TestWorld(folder);
        node = world.node("hospital-a", 20);
        model = Files.writeString(folder.resolve("model"), "parameters that both programs begin with");
    }

    @AfterEach
    void end() {
        world.close();
    }

    private PublishedModels.Publication publish(Researcher researcher, String aside) {
        return researcher.published().publish(SealedEntry.of(model, folder.resolve(aside)), List.of(node.party));
    }

    @Test
    void whatAnotherProgramPublishedStays() {
        try (var own = world.researcher();
                var beside = world.researcher()) {
            var first = publish(own, "first.sealed");
            var other = publish(beside, "other.sealed");
            assertThat(other.ref().entry()).isNotEqualTo(first.ref().entry());
            first.withdraw();
            assertThatThrownBy(() -> node.fetch(first.ref())).isInstanceOf(FedbiomedException.class);
            node.fetch(other.ref());
            assertThat(folder.resolve("first.sealed")).doesNotExist();
            assertThat(folder.resolve("first.sealed.key")).doesNotExist();
        }
    }

    @Test
    void theNextProgramGoesOnWithWhatAnEarlierOneSealed() throws IOException {
        try (var earlier = world.researcher()) {
            publish(earlier, "model.sealed");
        }
        var bytes = Files.readAllBytes(folder.resolve("model.sealed"));
        assertThat(Files.getPosixFilePermissions(folder.resolve("model.sealed.key")))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        try (var next = world.researcher()) {
            var again = publish(next, "model.sealed");
            assertThat(folder.resolve("model.sealed")).hasBinaryContent(bytes);
            node.fetch(again.ref());
            again.withdraw();
            assertThatThrownBy(() -> node.fetch(again.ref())).isInstanceOf(FedbiomedException.class);
        }
    }

    /** A power cut may have left zeros; a key that no longer belongs to it is of no use either. */
    @Test
    void aSealedCopyThatWasDamagedIsMadeAnew() throws IOException {
        try (var own = world.researcher()) {
            publish(own, "model.sealed");
            Files.write(folder.resolve("model.sealed"), new byte[(int) Files.size(folder.resolve("model.sealed"))]);
            node.fetch(publish(own, "model.sealed").ref());
            Files.writeString(folder.resolve("model.sealed.key"), "{");
            node.fetch(publish(own, "model.sealed").ref());
        }
    }
}
