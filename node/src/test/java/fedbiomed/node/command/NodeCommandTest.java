package fedbiomed.node.command;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.node.registry.AttachmentStore;
import fedbiomed.node.registry.PlanRegistry;
import fedbiomed.node.state.NodeDatabase;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** What the data manager types, and what comes back. */
class NodeCommandTest extends TypedNodeCommands {
    private String add() throws IOException {
        assertThat(runAtHome("dataset", "add", csv.toString(), "--name", "Heart", "--tags", "heart, demo", "--json"))
                .as(err)
                .isZero();
        return Json.MAPPER.readTree(out).path("description").path("id").asText();
    }

    private static final String PLAN = """
            import fedbiomed.training.linear.*;

            public class HeartPlan extends SgdClassifier {
                @Override public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("age").target("ill").classes("0", "1");
                }
            }
            """;

    @Test
    void aPlanOfOnesOwnIsRegisteredComparedWithTheApprovedOneAndForgotten() throws IOException {
        var file = Files.writeString(folder.resolve("HeartPlan.java"), PLAN);
        assertThat(runAtHome("plan", "add", file.toString(), "--note", "from the consortium"))
                .as(err)
                .isZero();
        assertThat(out).contains("HeartPlan", "is registered and pending", "plan approve");
        var first = new PlanSource(PLAN).id().abbreviated();
        assertThat(runAtHome("plan", "diff", first)).isEqualTo(1);
        assertThat(err).contains("no other plan named HeartPlan is approved here", "plan show " + first);
        assertThat(runAtHome("plan", "approve", first)).isZero();
        assertThat(runAtHome("plan", "show", first)).isZero();
        assertThat(out).contains("Decided by " + System.getProperty("user.name"));

        var changed = PLAN.replace("\"age\"", "\"age\", \"sex\"");
        Files.writeString(file, changed);
        assertThat(runAtHome("plan", "add", file.toString())).isZero();
        var second = new PlanSource(changed).id().abbreviated();
        assertThat(runAtHome("plan", "diff", second)).as(err).isZero();
        assertThat(out)
                .contains(
                        "--- HeartPlan.java (" + first + ", approved)", "+++ HeartPlan.java (" + second + ", pending)")
                .contains("-        return dataset.table().inputs(\"age\").target")
                .contains("+        return dataset.table().inputs(\"age\", \"sex\").target");

        assertThat(runAtHome("plan", "delete", first)).isZero();
        assertThat(runAtHome("plan", "show", first)).isEqualTo(1);
        assertThat(runAtHome("plan", "add", file.toString())).isZero();
        assertThat(out).as("known already").contains(second);
        Files.writeString(file, PLAN);
        assertThat(runAtHome("plan", "add", file.toString())).isZero();
        assertThat(out).as("forgotten, so reviewed anew").contains(first, "pending");
    }

    private Path network(String name, String entry, String code) throws IOException {
        var file = folder.resolve(name);
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(code.getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private String plan(String text, Path... attachments) throws IOException {
        var file = Files.writeString(folder.resolve("NetPlan.java"), text);
        var arguments = new java.util.ArrayList<>(java.util.List.of("plan", "add", file.toString()));
        for (var attachment : attachments) {
            arguments.addAll(java.util.List.of("--attachment", attachment.toString()));
        }
        assertThat(runAtHome(arguments.toArray(String[]::new))).as(err).isZero();
        return out.replaceFirst("(?s).*\\(([0-9a-f]{12})\\).*", "$1");
    }

    @Test
    void aPlansAttachmentsAreNamedAndANetworksCodeIsShownAndCompared() throws IOException {
        var net = "public class NetPlan extends TorchScriptPlan {}\n";
        assertThat(runAtHome(
                        "plan",
                        "add",
                        Files.writeString(folder.resolve("NetPlan.java"), net).toString()))
                .isEqualTo(2);
        assertThat(err).contains("give the file that its script() names with --attachment");
        var script = network("net.pt", "net/code/__torch__.py", "def forward(self, x):\n  return x\n");
        var words = Files.writeString(folder.resolve("words.txt"), "one two");
        var first = plan(net, script, words);
        assertThat(runAtHome("plan", "list")).isZero();
        assertThat(out).containsPattern(first + " .* net.pt, words.txt");
        assertThat(runAtHome("plan", "list", "--json")).isZero();
        assertThat(Json.MAPPER
                        .readTree(out)
                        .path(0)
                        .path("attachments")
                        .path(1)
                        .path("size_bytes")
                        .asInt())
                .isEqualTo(7);
        assertThat(runAtHome("plan", "show", first)).isZero();
        assertThat(out)
                .contains("Attachment net.pt, " + Files.size(script) + " bytes, SHA-256 " + Sha256.of(script) + ":")
                .contains("  return x")
                .contains("Attachment words.txt, 7 bytes", "is no TorchScript network; its content is not shown")
                .doesNotContain("one two");
        assertThat(runAtHome("plan", "approve", first)).isZero();

        network("net.pt", "net/code/__torch__.py", "def forward(self, x):\n  return x.exp()\n");
        var second = plan(net, script);
        assertThat(second).isNotEqualTo(first);
        assertThat(runAtHome("plan", "diff", second)).isZero();
        assertThat(out)
                .contains("The two texts show no difference.", "No longer attached: words.txt")
                .contains("Another content of the attachment net.pt", "-  return x\n", "+  return x.exp()");
        // of what has no code to show nobody says that its code is the same
        Files.writeString(words, "three");
        assertThat(runAtHome("plan", "diff", plan(net, script, words))).isZero();
        assertThat(out)
                .contains("Another content of the attachment words.txt", "The two cannot be compared")
                .doesNotContain("The code is the same");
        Files.writeString(words, "one two");
        // what PyTorch would find is shown, whatever the case of its name
        network("net.pt", "net/CODE/__torch__.PY", "def forward(self, x):\n  return hidden(x)\n");
        assertThat(runAtHome("plan", "show", plan(net, script))).isZero();
        assertThat(out).contains("return hidden(x)");

        var kept = home.resolve("attachments").resolve(Sha256.of(words));
        assertThat(kept).hasContent("one two");
        Files.writeString(kept, "two one");
        assertThat(runAtHome("plan", "show", first)).isZero();
        assertThat(out).contains("has another content by now; such a plan does not run");
        assertThat(runAtHome("plan", "delete", first)).isZero();
        assertThat(kept).doesNotExist();
        assertThat(runAtHome("plan", "add", folder + "/NetPlan.java", "--attachment", folder + "/none.pt"))
                .isEqualTo(1);
        assertThat(err).contains("cannot read the attachment", "none.pt");
    }

    @Test
    void anAddedDatasetIsShownWithItsColumnsAndListed() throws IOException {
        assertThat(runAtHome("dataset", "add", csv.toString(), "--name", "Heart", "--tags", "heart,demo"))
                .isZero();
        assertThat(out).contains("rows         3", "demo, heart").containsPattern("sex +text +1");
        assertThat(runAtHome("dataset", "list")).isZero();
        assertThat(out).containsPattern("heart-[0-9a-f]{4}  Heart  csv      3        3  demo, heart");
    }

    @Test
    void theSameNameAndContentGetTheSameIdAgain() throws IOException {
        var id = add();
        assertThat(id).matches("heart-[0-9a-f]{4}");
        assertThat(runAtHome("dataset", "remove", id)).isZero();
        assertThat(add()).isEqualTo(id);
    }

    @Test
    void theSameFileTwiceUnderOneNameIsAnError() throws IOException {
        var id = add();
        assertThat(runAtHome("dataset", "add", csv.toString(), "--name", "Heart"))
                .isEqualTo(1);
        assertThat(err).contains("already", id).doesNotContain("\tat ");
        assertThat(runAtHome("dataset", "add", csv.toString(), "--name", "Other"))
                .isZero();
    }

    @Test
    void aBadFileLeavesTheRegistryAsItWas() throws IOException {
        add();
        Files.writeString(csv, "a,a\n1,2\n");
        assertThat(runAtHome("dataset", "add", csv.toString(), "--name", "Bad")).isEqualTo(1);
        assertThat(err).startsWith("fedbiomed: ");
        assertThat(runAtHome("dataset", "add", folder + "/none.csv", "--name", "Bad"))
                .isEqualTo(1);
        assertThat(err).contains("no such file", "none.csv");
        assertThat(runAtHome("dataset", "list", "--json")).isZero();
        assertThat(Json.MAPPER.readTree(out)).hasSize(1);
    }

    @Test
    void aDatasetInTheNodesHomeIsRefusedAlsoBehindALink() throws IOException {
        var inside =
                Files.writeString(Files.createDirectory(home.resolve("data")).resolve("p.csv"), CSV);
        var link = Files.createSymbolicLink(folder.resolve("innocent.csv"), inside);
        var linkedHome = Files.createSymbolicLink(folder.resolve("elsewhere"), home);
        for (var path : java.util.List.of(inside, link, linkedHome.resolve("data/p.csv"), home, folder, linkedHome)) {
            assertThat(runAtHome("dataset", "add", path.toString(), "--name", "Keys"))
                    .as("%s", path)
                    .isEqualTo(1);
            assertThat(err)
                    .contains(path.toString(), home.toString(), "lies in this node's home", "a folder of their own")
                    .doesNotContain("\tat ");
        }
        assertThat(runAtHome("dataset", "list", "--json")).isZero();
        assertThat(Json.MAPPER.readTree(out)).isEmpty();
    }

    @Test
    void unknownThingsAreNamedWithWhatThereIs() throws IOException {
        var id = add();
        assertThat(runAtHome("dataset", "show", "hart-0000")).isEqualTo(1);
        assertThat(err).contains("hart-0000", id);
        assertThat(runAtHome("dataset", "add", csv.toString(), "--name", "X", "--kind", "xml"))
                .isEqualTo(1);
        assertThat(err).contains("xml", "csv");
        assertThat(runAtHome("dataset", "add", csv.toString(), "--name", "X", "--tags", "two words"))
                .isEqualTo(1);
        assertThat(err).contains("two words");
    }

    @Test
    void arraysAreShownWithTypeAndShape() {
        var file = folder.resolve("images.safetensors");
        Safetensors.write(
                file,
                Parameters.builder()
                        .put("image", Tensor.ofFloats(new float[24], 2, 3, 4))
                        .put("label", Tensor.ofLongs(new long[] {0, 1}, 2))
                        .build());
        assertThat(runAtHome("dataset", "add", file.toString(), "--name", "Images", "--kind", "tensors"))
                .as(err)
                .isZero();
        assertThat(out.lines().map(line -> line.replaceAll(" +", " ").strip()))
                .contains("ARRAY DTYPE SHAPE OF A SAMPLE MISSING", "image F32 [3, 4] 0", "label I64 one number 0");
    }

    @Test
    void aNumberOfAGpuIsAtLeastZero() {
        assertThat(runAtHome("start", "--gpu-num", "-1")).isEqualTo(1);
        assertThat(err).contains("--gpu-num must be at least 0, not -1");
        assertThat(runAtHome("start", "--gpu-num", "first")).isEqualTo(2);
    }

    @Test
    void wrongUsageIsTwo() {
        assertThat(run("dataset", "add", "--nonsense")).isEqualTo(2);
        assertThat(run("init")).isEqualTo(2);
    }

    @Test
    void aFolderThatIsNoHomeIsNamed() {
        assertThat(run("dataset", "list", "--home", folder.toString())).isEqualTo(1);
        assertThat(err).contains("no node in", "fedbiomed node init");
        assertThat(folder.resolve(NodeDatabase.FILE)).doesNotExist();
    }

    @Test
    void plansAreReviewedByAnUnambiguousBeginning() {
        var source = new PlanSource("public class Hidden\u202e extends P {\n\tint x;\n}\n");
        try (var database = NodeDatabase.open(home)) {
            new PlanRegistry(database, new AttachmentStore(home), Clock.systemUTC())
                    .request(PartyId.of("ana"), source, "please\u001b[31m look");
        }
        assertThat(runAtHome("plan", "list")).isZero();
        assertThat(out)
                .contains(source.id().abbreviated(), "pending", "please?[31m look")
                .doesNotContain("\u001b");
        var prefix = source.id().value().substring(0, 6);
        assertThat(runAtHome("plan", "show", prefix)).isZero();
        assertThat(out).contains("public class Hidden? extends P {", "    int x;", "WARNING");
        assertThat(runAtHome("plan", "approve", prefix, "--note", "fine")).isZero();
        try (var database = NodeDatabase.open(home)) {
            assertThat(new PlanRegistry(database, new AttachmentStore(home), Clock.systemUTC()).status(source.id()))
                    .isEqualTo(PlanStatus.APPROVED);
        }
        assertThat(runAtHome("plan", "reject", prefix)).isZero();
        assertThat(runAtHome("plan", "list", "--json")).isZero();
        assertThat(out).contains("\"REJECTED\"");
        assertThat(runAtHome("plan", "approve", "0000")).isEqualTo(1);
        assertThat(runAtHome("plan", "approve", "xyz")).isEqualTo(1);
    }

    @Test
    void researchersAreTrustedAndRevokedByFingerprint() {
        var fingerprint = "K3DF-7QXA-K3DF-7QXA-K3DF-7QXA-K3DF-7QXA";
        assertThat(runAtHome("researcher", "list")).isZero();
        assertThat(out).contains("No researcher");
        assertThat(runAtHome("researcher", "trust", "ana", "k3df")).isEqualTo(2);
        assertThat(err).contains("fingerprint");
        assertThat(runAtHome("researcher", "trust", "ana", fingerprint)).isZero();
        assertThat(runAtHome("researcher", "list")).isZero();
        assertThat(out).contains("ana", "trusted", fingerprint);
        assertThat(runAtHome("researcher", "revoke", "ana")).isZero();
        assertThat(runAtHome("researcher", "list", "--json")).isZero();
        assertThat(out).contains("REVOKED");
        assertThat(runAtHome("researcher", "revoke", "bob")).isEqualTo(1);
    }

    @Test
    void theAuditLogIsShownExportedAndVerified() throws IOException {
        assertThat(runAtHome("audit", "verify")).isZero();
        var dataset = add();
        assertThat(runAtHome("audit", "head")).isZero();
        var noted = out.strip();
        assertThat(noted).matches("1:[0-9a-f]{64}");
        assertThat(runAtHome("dataset", "remove", dataset)).isZero();
        assertThat(runAtHome("audit", "verify", "--head", noted)).as(err).isZero();
        assertThat(out).contains("as it was written: 2 lines");

        assertThat(runAtHome("audit", "export")).isZero();
        assertThat(out).isEqualTo(Files.readString(home.resolve("audit.jsonl")));
        assertThat(runAtHome("audit", "export", "--format", "csv")).isZero();
        assertThat(out.lines().toList()).hasSize(3).first().asString().startsWith("sequence,time,kind,");
        assertThat(out).contains("dataset_removed", dataset).doesNotContain("patients.csv");
        assertThat(runAtHome("audit", "export", "--since", "2999-01-01")).isZero();
        assertThat(out).isEmpty();
        assertThat(runAtHome("audit", "export", "--since", "yesterday")).isEqualTo(2);
        assertThat(runAtHome("audit", "verify", "--head", "1")).isEqualTo(2);

        var log = home.resolve("audit.jsonl");
        Files.writeString(log, Files.readString(log).lines().skip(1).findFirst().orElseThrow() + "\n");
        assertThat(runAtHome("audit", "verify")).isEqualTo(1);
        assertThat(err).contains("line 1", "dropped");
        assertThat(runAtHome("audit", "verify", "--json")).isEqualTo(1);
        assertThat(out).contains("\"DROPPED\"", "\"intact\":false");
        Files.delete(log);
        assertThat(runAtHome("audit", "verify", "--head", noted)).isEqualTo(1);
        assertThat(err).contains("cut off");
    }
}
