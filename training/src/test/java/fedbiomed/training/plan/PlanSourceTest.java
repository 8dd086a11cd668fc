package fedbiomed.training.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.training.LoadedPlan;
import fedbiomed.vocabulary.Attachment;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes a plan the plan that it is. */
class PlanSourceTest {
    private static final String TEXT = "public class A extends P {}\n";
    private static final Attachment NET = new Attachment("net.pt", Sha256.of("net"), 3);
    private static final Attachment WORDS = new Attachment("words.txt", Sha256.of("words"), 5);

    @TempDir
    Path folder;

    @Test
    void withoutAttachmentsTheIdIsTheTextsHash() {
        assertThat(new PlanSource(TEXT).id().value()).isEqualTo(Sha256.of(TEXT));
        assertThat(new PlanSource(TEXT.replace("\n", "\r\n")).id()).isEqualTo(new PlanSource(TEXT).id());
    }

    @Test
    void theIdCoversEachAttachmentsNameAndContentWhateverTheirOrder() {
        var both = new PlanSource(TEXT, List.of(NET, WORDS));
        assertThat(both.id()).isEqualTo(new PlanSource(TEXT, List.of(WORDS, NET)).id());
        var others = List.of(
                new PlanSource(TEXT),
                new PlanSource(TEXT, List.of(NET)),
                new PlanSource(TEXT, List.of(WORDS)),
                new PlanSource(TEXT, List.of(new Attachment("other.pt", NET.sha256(), 3), WORDS)),
                new PlanSource(TEXT, List.of(new Attachment("net.pt", Sha256.of("other"), 3), WORDS)),
                new PlanSource(
                        TEXT,
                        List.of(
                                new Attachment("net.pt", WORDS.sha256(), 5),
                                new Attachment("words.txt", NET.sha256(), 3))),
                new PlanSource(TEXT + NET.name() + NET.sha256(), List.of(WORDS)));
        assertThat(others.stream().map(PlanSource::id)).doesNotHaveDuplicates().doesNotContain(both.id());
    }

    private static final String SCRIPTED = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class NetPlan extends TorchScriptPlan {
                @Override public String script() { return "net.pt"; }
                @Override public TrainingData data(DatasetView dataset) {
                    return dataset.tensors().input("image").target("label").classes("0", "1");
                }
                @Override public TorchOptimizer optimizer(TorchModule model, Args args) { return sgd(model, 0.1); }
                @Override public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return crossEntropy(model.forward(batch.input()), batch.target());
                }
            }
            """;

    private Path plan(String text) throws IOException {
        return Files.writeString(folder.resolve("NetPlan.java"), text);
    }

    @Test
    void aPlanNamesItsAttachmentWhichLiesBesideIt() throws IOException {
        var net = Files.writeString(folder.resolve("net.pt"), "a network");
        try (var loaded = LoadedPlan.open(plan(SCRIPTED))) {
            assertThat(loaded.source().attachments()).containsExactly(Attachment.of(net));
            assertThat(loaded.id()).isEqualTo(loaded.source().id());
        }
        Files.delete(net);
        assertThatThrownBy(() -> LoadedPlan.open(plan(SCRIPTED)))
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("the plan's attachment 'net.pt' cannot be read (NoSuchFileException)")
                .hasMessageContaining("put the file beside the plan, in " + folder);
    }

    @Test
    void aNameThatIsNoFileNameIsRefused() {
        for (var name : new String[] {"../net.pt", "/etc/passwd", "", ".", "NetPlan.java"}) {
            assertThatThrownBy(() -> LoadedPlan.open(plan(SCRIPTED.replace("net.pt", name))))
                    .isInstanceOf(FedbiomedException.class)
                    .hasMessageContaining("an attachment's name is a file name")
                    .hasMessageContaining("not '" + name + "'");
        }
    }
}
