package fedbiomed.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.training.InitialWeights;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.metrics.Metrics;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples' own plans and data, shortened to one node and a round. */
class ExamplesTest {
    private static final Path EXAMPLES =
            Path.of("..", "examples").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private record Example(LoadedPlan plan, Path file) {}

    private static Example example(String name, String plan) {
        var file = EXAMPLES.resolve(name).resolve(plan);
        return new Example(LoadedPlan.open(file), file);
    }

    private WorkerReply.Done train(
            Example example, Args modelArgs, Parameters initial, String data, TrainingArgs args) {
        Safetensors.write(folder.resolve("global.safetensors"), initial);
        var job = new WorkerJob(
                WorkerJob.Task.TRAIN,
                example.file(),
                modelArgs,
                args,
                new Participant(new PartyId("hospital-a"), "images"),
                1,
                new StoredDataset("tensors", EXAMPLES.resolve(data)),
                folder.resolve("global.safetensors"),
                folder.resolve("local.safetensors"),
                null);
        return example.plan().run(job, _ -> {});
    }

    private static TrainingArgs.Builder tested(int epochs, int batch, double rate) {
        return TrainingArgs.builder()
                .epochs(epochs)
                .batchSize(batch)
                .testRatio(0.2)
                .testOnGlobalUpdates(true)
                .testOnLocalUpdates(true)
                .optimizerArgs(new Args(Map.of("lr", rate)))
                .randomSeed(42);
    }

    private static double before(WorkerReply.Done done, String metric) {
        return Objects.requireNonNull(
                Metrics.of(Objects.requireNonNull(done.globalTest())).get(metric));
    }

    private static double after(WorkerReply.Done done, String metric) {
        return Objects.requireNonNull(
                Metrics.of(Objects.requireNonNull(done.localTest())).get(metric));
    }

    private Parameters trained() {
        return Safetensors.map(folder.resolve("local.safetensors"));
    }

    @Test
    void digitsAreToldApart() {
        var example = example("digits", "DigitsPlan.java");
        var initial = example.plan().initialParameters(Args.NONE, 1);
        var args = tested(3, 32, 0.003);
        var done = train(example, Args.NONE, initial, "digits/digits-a.safetensors", args.build());
        assertThat(after(done, "accuracy")).isGreaterThan(0.9);
        assertThat(trained()).isNotEqualTo(initial);
        assertThat(trained().get("1.running_mean")).isNotEqualTo(initial.get("1.running_mean"));

        var predictions =
                example.plan().predict(trained(), Args.NONE, null, EXAMPLES.resolve("digits/digits-b.safetensors"));
        assertThat(predictions.classes()).hasSize(10);

        // buffers that are not shared travel with the values with which they came; the rest is trained all the same
        train(
                example,
                Args.NONE,
                initial,
                "digits/digits-a.safetensors",
                args.sharePersistentBuffers(false).build());
        assertThat(trained().get("1.running_mean")).isEqualTo(initial.get("1.running_mean"));
        assertThat(trained().get("0.weight")).isNotEqualTo(initial.get("0.weight"));
        var kept = Safetensors.map(folder.resolve("state-after.safetensors"));
        assertThat(kept.names()).containsExactly("1.running_mean", "1.running_var", "1.num_batches_tracked");
        assertThat(kept.get("1.running_mean")).isNotEqualTo(initial.get("1.running_mean"));
    }

    @Test
    void fedProxPullsTowardsTheGlobalModel() {
        var example = example("digits", "DigitsPlan.java");
        var initial = example.plan().initialParameters(Args.NONE, 1);
        var args = tested(1, 32, 0.003);
        train(example, Args.NONE, initial, "digits/digits-a.safetensors", args.build());
        double free = distance(trained(), initial);
        train(
                example,
                Args.NONE,
                initial,
                "digits/digits-a.safetensors",
                args.fedproxMu(10).build());
        assertThat(distance(trained(), initial)).isLessThan(free / 2);
    }

    private static double distance(Parameters a, Parameters b) {
        var x = a.get("9.weight").toDoubles();
        var y = b.get("9.weight").toDoubles();
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - y[i]) * (x[i] - y[i]);
        }
        return Math.sqrt(sum);
    }

    @Test
    void anAutoEncoderHasNoTargetAndItsOwnMetrics() {
        var example = example("vae", "VaePlan.java");
        assertThat(example.plan().requirements(Args.NONE).metrics())
                .containsExactly("negative_elbo", "reconstruction_mse");
        var initial = example.plan().initialParameters(Args.NONE, 1);
        var done = train(
                example,
                Args.NONE,
                initial,
                "digits/digits-a.safetensors",
                tested(6, 32, 0.003).build());
        assertThat(after(done, "negative_elbo")).isLessThan(before(done, "negative_elbo") - 8);
        assertThat(after(done, "reconstruction_mse")).isLessThan(before(done, "reconstruction_mse") / 1.5);
    }

    @Test
    void volumesAreSegmented() {
        var example = example("unet3d", "UNet3dPlan.java");
        assertThat(example.plan().requirements(Args.NONE).metrics()).isEmpty();
        var initial = example.plan().initialParameters(Args.NONE, 1);
        var done = train(
                example,
                Args.NONE,
                initial,
                "unet3d/volumes-a.safetensors",
                tested(4, 4, 0.01).testBatchSize(2).build());
        assertThat(after(done, "dice")).isGreaterThan(before(done, "dice") + 0.2);
        // of the same counts: IoU = Dice / (2 - Dice)
        assertThat(after(done, "iou")).isCloseTo(after(done, "dice") / (2 - after(done, "dice")), within(1e-9));
    }

    @Test
    void frozenPartsKeepTheWeightsThatWereGivenAndANewHeadLearns() {
        var example = example("transfer", "TransferPlan.java");
        var given = Safetensors.map(EXAMPLES.resolve("transfer/backbone.safetensors"));
        var weights = InitialWeights.over(example.plan().initialParameters(Args.NONE, 1), given);
        assertThat(weights.notGiven()).containsExactly("head.weight", "head.bias");
        var initial = weights.parameters();
        var args = tested(3, 32, 0.01).build();
        var done = train(example, Args.NONE, initial, "digits/digits-b.safetensors", args);
        assertThat(after(done, "accuracy")).isGreaterThan(0.8);
        given.names().forEach(name -> assertThat(trained().get(name)).isEqualTo(given.get(name)));
        assertThat(trained().get("head.weight")).isNotEqualTo(initial.get("head.weight"));

        var free = new Args(Map.of("frozen", false));
        train(example, free, initial, "digits/digits-b.safetensors", args);
        assertThat(trained().get("backbone.0.weight")).isNotEqualTo(given.get("backbone.0.weight"));
        assertThatThrownBy(() -> InitialWeights.over(given, initial)).hasMessageContaining("none of that name");
    }

    @Test
    void aNetworkFromPythonIsTrainedAndGoesBackToPython() throws Exception {
        var example = example("torchscript", "ScriptedDigitsPlan.java");
        var net = new TorchScriptFile(EXAMPLES.resolve("torchscript/net.pt"));
        assertThat(net.code()).contains("def forward");
        var initial = example.plan().initialParameters(Args.NONE, 1);
        assertThat(initial.names()).contains("conv.weight", "bn.running_mean", "bn.num_batches_tracked", "fc.bias");
        var done = train(
                example,
                Args.NONE,
                initial,
                "digits/digits-a.safetensors",
                tested(4, 32, 0.005).build());
        assertThat(after(done, "accuracy")).isGreaterThan(0.85);
        assertThat(trained().get("bn.running_mean")).isNotEqualTo(initial.get("bn.running_mean"));
        var exported = folder.resolve("trained.pt");
        net.export(trained(), exported);

        var script = EXAMPLES.resolve("torchscript/from_the_federation.py").toString();
        var said = python(
                script,
                exported.toString(),
                folder.resolve("local.safetensors").toString(),
                EXAMPLES.resolve("digits/digits-a.safetensors").toString(),
                net.path().toString());
        assertThat(said).contains("same True");
        var traced = folder.resolve("traced.pt");
        python(EXAMPLES.resolve("torchscript/make_script.py").toString(), "--trace-evaluation", traced.toString());
        assertThatThrownBy(new TorchScriptFile(traced)::requireFollowsMode)
                .isInstanceOf(FedbiomedException.class)
                .hasMessageContaining("traced in evaluation mode");
    }

    /** Runs a script by the Python of {@code FEDBIOMED_TEST_PYTHON} (or {@code python3}), if that has PyTorch. */
    private String python(String... arguments) throws IOException, InterruptedException {
        var python = Objects.requireNonNullElse(System.getenv("FEDBIOMED_TEST_PYTHON"), "python3");
        Assumptions.assumeTrue(
                exit(python, "-c", "import torch, safetensors") == 0,
                "no Python with torch and safetensors; name one in FEDBIOMED_TEST_PYTHON");
        var command = new ArrayList<>(List.of(python));
        command.addAll(List.of(arguments));
        var out = folder.resolve("python.txt");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        var said = Files.readString(out);
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    private static int exit(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor();
        } catch (IOException _) {
            return -1;
        }
    }
}
