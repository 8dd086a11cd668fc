package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan may leave in the place of its trained model. */
class WorkerFolderTest {
    @TempDir
    Path folder;

    private WorkerFolder worker;
    private Path target;
    private Path trained;

    @BeforeEach
    void create() {
        worker = WorkerFolder.create(folder);
        target = folder.resolve("target");
        trained = worker.work().resolve("trained.safetensors");
    }

    private void assertRefused(String why) {
        assertThatThrownBy(() -> worker.bringOut(target, new FileSizes(100, 100)))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining(why);
        assertThat(target).doesNotExist();
    }

    @Test
    void aFileComesOutAsACopy() throws IOException {
        Files.writeString(trained, "model");
        worker.bringOut(target, new FileSizes(100, 100));
        assertThat(target).hasContent("model");
        assertThat(trained).doesNotExist();
    }

    @Test
    void nothingOrSomethingElseIsRefused() throws IOException {
        assertRefused("left no trained model");
        Files.createSymbolicLink(trained, Files.writeString(folder.resolve("secret"), "secret"));
        assertRefused("something else than a file");
        Files.createDirectory(trained);
        assertRefused("something else than a file");
        Files.write(trained, new byte[101]);
        assertRefused("larger than the incoming model by far");
    }

    @Test
    void whatStaysComesOutBesideTheModelUnlessItIsNoFileOrTooLarge() throws IOException {
        var kept = folder.resolve("state-after.safetensors");
        var state = worker.work().resolve("state-after.safetensors");
        Files.writeString(trained, "model");
        Files.writeString(state, "state");
        worker.bringOut(target, new FileSizes(100, 100));
        assertThat(kept).hasContent("state");
        assertThat(state).doesNotExist();
        Files.delete(kept);

        for (var bad : new String[] {"link", "folder", "large"}) {
            Files.deleteIfExists(target);
            Files.writeString(trained, "model");
            switch (bad) {
                case "link" -> Files.createSymbolicLink(state, Files.writeString(folder.resolve("secret"), "secret"));
                case "folder" -> Files.createDirectory(state);
                default -> Files.write(state, new byte[101]);
            }
            assertThatThrownBy(() -> worker.bringOut(target, new FileSizes(100, 100)))
                    .isInstanceOf(FedbiomedException.class)
                    .hasMessageContaining("node state");
            assertThat(kept).doesNotExist();
        }
    }

    @Test
    void linksAreNotFollowedWhenItIsEmptied() throws IOException {
        var kept =
                Files.writeString(Files.createDirectory(folder.resolve("other")).resolve("kept"), "kept");
        Files.createSymbolicLink(worker.work().resolve("link"), folder.resolve("other"));
        Files.createSymbolicLink(worker.work().resolve("dangling"), folder.resolve("nowhere"));
        worker.clear();
        assertThat(worker.work()).isEmptyDirectory();
        assertThat(kept).exists();
    }

    @Test
    void aPlansAttachmentsLieBesideItAndTakeNoOtherFilesPlace() throws IOException {
        var plan = Files.createDirectories(folder.resolve("job/plan"));
        Files.writeString(plan.resolve("global.safetensors"), "an attachment");
        Files.writeString(plan.resolve("net.pt"), "a network");
        var job = new WorkerJob(
                WorkerJob.Task.EVALUATE,
                Files.writeString(plan.resolve("Plan.java"), "text"),
                Args.NONE,
                TrainingArgs.builder().build(),
                new Participant(PartyId.of("hospital-a"), "data"),
                1,
                new StoredDataset("csv", folder.resolve("data.csv")),
                Files.writeString(folder.resolve("job/global.safetensors"), "the model"),
                null,
                null);
        var inside = worker.bringIn(job);
        assertThat(inside.plan()).startsWith(worker.in()).hasContent("text");
        assertThat(inside.plan().resolveSibling("net.pt")).hasContent("a network");
        assertThat(inside.plan().resolveSibling("global.safetensors")).hasContent("an attachment");
        assertThat(inside.parameters()).startsWith(worker.in()).hasContent("the model");
        worker.clear();
        assertThat(worker.in()).isEmptyDirectory();
    }

    @Test
    void whatIsWrittenIsCounted() throws IOException {
        Files.write(worker.work().resolve("a"), new byte[300]);
        Files.write(Files.createDirectory(worker.work().resolve("b")).resolve("c"), new byte[20]);
        assertThat(worker.writtenBytes()).isEqualTo(320);
        for (int i = 0; i < 1001; i++) {
            Files.createFile(worker.work().resolve("f" + i));
        }
        assertThat(worker.writtenBytes()).isEqualTo(Long.MAX_VALUE);
    }
}
