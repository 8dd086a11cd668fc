package fedbiomed.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import fedbiomed.node.round.SandboxKind;
import fedbiomed.parameters.Safetensors;
import fedbiomed.training.LoadedPlan;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every example as its README says, shortened to one round: from {@code experiment.yaml} to a sandboxed worker. */
class ExamplesRunTest {
    private static final Path EXAMPLES =
            Path.of("..", "examples").toAbsolutePath().normalize();
    private static final YAMLMapper YAML = new YAMLMapper();

    @TempDir
    static Path folder;

    private static Federation federation;

    /** Of the trained TorchScript example: the experiment's folder. */
    private static @Nullable Path scripted;

    @BeforeAll
    static void start() throws Exception {
        federation = new Federation(folder, Federation.NODE);
        federation.trustEachOther();
        share("csv", "breast-cancer", "breast-cancer/breast-cancer.csv", "A");
        share("csv", "breast-cancer", "breast-cancer/breast-cancer.csv", "B");
        share("csv", "survival", "cox/hospital-north.csv", "North");
        share("csv", "survival", "cox/hospital-south.csv", "South");
        share("tensors", "digits", "digits/digits-a.safetensors", "Digits");
        share("tensors", "volumes", "unet3d/volumes-a.safetensors", "Volumes");
        share(
                "signals",
                "ecg",
                "signals/hospital-a",
                "ECG A",
                "window=4s",
                "step=2s",
                "rate=50",
                "channels=I,II",
                "unit=mV",
                "annotations=(N,(AFIB");
        share(
                "signals",
                "ecg",
                "signals/hospital-b",
                "ECG B",
                "window=4s",
                "step=2s",
                "rate=50",
                "channels=I=ECG I,II=ECG II",
                "unit=mV",
                "annotations=(N,(AFIB");
        share("genotypes", "gwas", "genotypes/hospital-a", "GWAS A", "variants=variants.txt", "missing=mean");
        share("genotypes", "gwas", "genotypes/hospital-b", "GWAS B", "variants=variants.txt", "unmatched=leave-out");
        shareMedicalFolders();
    }

    private static void shareMedicalFolders() throws IOException, InterruptedException {
        var program = EXAMPLES.resolve("medical-folder/MakeData.java").toString();
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var lesions = folder.resolve("lesions");
        assertThat(new ProcessBuilder(java, program, lesions.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        for (var hospital : List.of("hospital-a", "hospital-b")) {
            share(
                    "medical-folder",
                    "lesions",
                    lesions.resolve(hospital).toString(),
                    hospital,
                    "masks=dseg",
                    "missing=leave-out",
                    "transforms=resample=2x2x2 size=16x16x16 zscore");
        }
    }

    @AfterAll
    static void stop() {
        federation.close();
    }

    private static void share(String kind, String tag, String file, String name, String... settings) {
        var typed = new ArrayList<Object>(List.of("node", "dataset", "add", EXAMPLES.resolve(file)));
        typed.addAll(List.of("--kind", kind, "--name", name, "--tags", tag, "--home", federation.nodeHome()));
        for (var setting : settings) {
            typed.addAll(List.of("--set", setting));
        }
        typed(0, typed.toArray());
    }

    private static Typed typed(int exit, Object... arguments) {
        var typed = Typed.of(arguments);
        assertThat(typed.exit()).as(typed.out() + typed.err()).isEqualTo(exit);
        return typed;
    }

    /** A copy of the example that runs one round of one epoch. */
    private static Path shortened(String example, String yaml) throws IOException {
        var copy = Files.createDirectories(folder.resolve("short-" + example));
        try (var files = Files.list(EXAMPLES.resolve(example))) {
            for (var file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        var file = copy.resolve(yaml);
        ObjectNode experiment = (ObjectNode) YAML.readTree(file.toFile());
        experiment.put("rounds", 1);
        ((ObjectNode) experiment.path("training_args")).put("epochs", 1);
        YAML.writeValue(file.toFile(), experiment);
        return file;
    }

    private static void approvePending() throws IOException {
        for (var plan : Json.MAPPER.readTree(typed(0, "node", "plan", "list", "--json", "--home", federation.nodeHome())
                .out())) {
            if (plan.path("status").asText().equals("PENDING")) {
                typed(0, "node", "plan", "approve", plan.path("id").asText(), "--home", federation.nodeHome());
            }
        }
    }

    private static JsonNode ran(Object... what) throws IOException {
        var arguments =
                new ArrayList<Object>(List.of("run", "--home", federation.researcherHome(), "--no-wait", "--json"));
        arguments.addAll(List.of(what));
        var ran = typed(0, arguments.toArray());
        return Json.MAPPER.readTree(ran.out().strip().lines().toList().getLast());
    }

    @ParameterizedTest
    @CsvSource({
        "breast-cancer, experiment.yaml, 2, accuracy",
        "breast-cancer, experiment-torch.yaml, 2, accuracy",
        "cox, experiment.yaml, 2, concordance_index",
        "digits, experiment.yaml, 1, accuracy",
        "vae, experiment.yaml, 1, negative_elbo",
        "transfer, experiment.yaml, 1, accuracy",
        "unet3d, experiment.yaml, 1, dice",
        "medical-folder, experiment.yaml, 2, dice",
        "signals, experiment.yaml, 2, accuracy",
        "genotypes, experiment.yaml, 2, accuracy"
    })
    void anExampleRuns(String example, String yaml, int participants, String metric) throws IOException {
        var experiment = shortened(example, yaml);
        var plan = experiment.resolveSibling(
                YAML.readTree(experiment.toFile()).path("plan").asText());
        typed(0, "node", "plan", "add", plan, "--home", federation.nodeHome());
        approvePending();
        var result = ran(experiment, "--folder", folder.resolve("run-" + plan.getFileName()));
        assertThat(result.path("rounds").asInt()).isEqualTo(1);
        assertThat(result.path("accepted").asInt()).isEqualTo(participants);
        assertThat(result.path("test_on_global_updates").path(metric).isNumber())
                .as(result.toString())
                .isTrue();
    }

    private static Path trainedNetwork() throws IOException {
        var known = scripted;
        if (known != null) {
            return known;
        }
        Assumptions.assumeTrue(
                Federation.NODE.sandbox() == SandboxKind.BUBBLEWRAP, "without bubblewrap no node runs TorchScript");
        var experiment = shortened("torchscript", "experiment.yaml");
        var kept = folder.resolve("run-torchscript");
        var asked = typed(
                1, "run", experiment, "--folder", kept, "--home", federation.researcherHome(), "--no-wait", "--json");
        assertThat(asked.err()).contains("awaits its data manager");
        approvePending();
        // from here on the experiment's folder and the node have what they need
        Files.move(experiment.resolveSibling("net.pt"), folder.resolve("net.pt"));
        assertThat(ran("--resume", kept).path("accepted").asInt()).isEqualTo(1);
        Files.move(folder.resolve("net.pt"), experiment.resolveSibling("net.pt"));
        scripted = kept;
        return kept;
    }

    private static Path exported() throws IOException {
        var target = folder.resolve("exported/net.pt");
        if (!Files.exists(target)) {
            typed(0, "export", "torchscript", trainedNetwork(), "--to", target);
        }
        return target;
    }

    @Test
    void aNetworkFromPythonTravelsIsReviewedTrainedAndExported() throws IOException {
        var kept = trainedNetwork();
        var home = federation.nodeHome();
        var listed = typed(0, "node", "plan", "list", "--home", home).out();
        var line = listed.lines()
                .filter(row -> row.contains("ScriptedDigitsPlan"))
                .toList()
                .getFirst();
        assertThat(line).contains("approved", "net.pt");
        var shown = typed(0, "node", "plan", "show", line.strip().split(" ")[0], "--home", home)
                .out();
        assertThat(shown).contains("Attachment net.pt, 24341 bytes, SHA-256 ", "def forward(self", "dropout");
        var checked = typed(
                0, "check", folder.resolve("short-torchscript/experiment.yaml"), "--home", federation.researcherHome());
        assertThat(checked.out()).containsPattern("hospital-a/digits-\\w+ +yes +fit");

        var again = exported();
        var plan = again.resolveSibling("ScriptedDigitsPlan.java");
        Files.copy(kept.resolve("plan/ScriptedDigitsPlan.java"), plan);
        // what the exported network begins with is the model that was trained
        try (var loaded = LoadedPlan.open(plan);
                var model = Safetensors.open(kept.resolve("rounds/0001/global.safetensors"))) {
            var begins = loaded.initialParameters(Args.NONE, 1);
            assertThat(begins.tensors()).isEqualTo(model.parameters().tensors());
            assertThat(begins.tensors())
                    .isNotEqualTo(Safetensors.map(kept.resolve("rounds/0000/global.safetensors"))
                            .tensors());
        }
        assertThat(typed(1, "export", "torchscript", kept, "--plan", plan, "--to", folder.resolve("x.pt"))
                        .err())
                .contains("the model was trained with the plan ScriptedDigitsPlan", "is another");
        assertThat(folder.resolve("x.pt")).doesNotExist();
    }

    @Test
    void aNetworkThatWasChangedInTheExperimentsFolderStopsTheResumption() throws IOException {
        var changed = folder.resolve("changed");
        Files.createDirectories(changed.resolve("rounds"));
        for (var part : new String[] {"experiment.yaml", "plan/ScriptedDigitsPlan.java", "plan/net.pt"}) {
            Files.createDirectories(changed.resolve(part).getParent());
            Files.copy(trainedNetwork().resolve(part), changed.resolve(part));
        }
        Files.write(changed.resolve("plan/net.pt"), new byte[1], StandardOpenOption.APPEND);
        assertThat(typed(1, "run", "--resume", changed, "--home", federation.researcherHome(), "--no-wait")
                        .err())
                .contains("or an attachment beside it, was changed since the experiment began");
    }

    @Test
    void pythonLoadsTheExportedNetwork() throws Exception {
        var python = java.util.Objects.requireNonNullElse(System.getenv("FEDBIOMED_TEST_PYTHON"), "python3");
        Assumptions.assumeTrue(
                said(python, "-c", "import torch, safetensors").isEmpty(),
                "no Python with torch and safetensors; name one in FEDBIOMED_TEST_PYTHON");
        assertThat(said(
                        python,
                        EXAMPLES.resolve("torchscript/from_the_federation.py").toString(),
                        exported().toString(),
                        trainedNetwork()
                                .resolve("rounds/0001/global.safetensors")
                                .toString(),
                        EXAMPLES.resolve("digits/digits-a.safetensors").toString(),
                        EXAMPLES.resolve("torchscript/net.pt").toString()))
                .contains("same True");
    }

    /** All that the program says; where it cannot be started, why. */
    private static String said(String... command) throws InterruptedException, IOException {
        var out = folder.resolve("python.txt");
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
            return Files.readString(out);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
