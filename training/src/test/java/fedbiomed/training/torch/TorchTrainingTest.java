package fedbiomed.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.training.Fixture;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.metrics.Metrics;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TorchTrainingTest {
    private static final String XOR = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class XorPlan extends TorchPlan {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").standardise(LOCAL).target("odd").classes("no", "yes");
                }

                @Override
                public TorchModule model(Args args) {
                    int hidden = args.integer("hidden", 16);
                    return sequential(linear(2, hidden), tanh(), batchNorm1d(hidden), dropout(0.1), linear(hidden, 2));
                }

                @Override
                public TorchOptimizer optimizer(TorchModule model, Args args) {
                    return adam(model, args.real("lr", 0.02));
                }

                @Override
                public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return crossEntropy(model.forward(batch.input()), batch.target());
                }
            }
            """;

    @TempDir
    Path folder;

    private static String xor(int rows) {
        var random = new SplittableRandom(4);
        var csv = new StringBuilder("a,b,odd\n");
        for (int i = 0; i < rows; i++) {
            double a = random.nextDouble(-1, 1);
            double b = random.nextDouble(-1, 1);
            csv.append(a).append(',').append(b).append(a * b < 0 ? ",yes\n" : ",no\n");
        }
        return csv.toString();
    }

    private Fixture fixture(String plan) throws IOException {
        return Fixture.of(folder, plan, xor(200)).withModelArgs(new Args(Map.of("hidden", 16)));
    }

    private static Parameters initial(String plan, long seed) {
        try (var compiled = LoadedPlan.compile(new PlanSource(plan))) {
            return compiled.initialParameters(Args.NONE, seed);
        }
    }

    private static TrainingArgs.Builder xorArgs() {
        return Fixture.tested().epochs(40).batchSize(32);
    }

    @Test
    void aNetworkLearnsXorAndTheSameSeedGivesTheSameBytes() throws IOException {
        var fixture = fixture(XOR);
        try (var plan = fixture.compiled()) {
            var job = fixture.trainJob(plan, xorArgs().build());
            var done = plan.run(job, _ -> {});
            assertThat(Metrics.of(Objects.requireNonNull(done.localTest())).get("accuracy"))
                    .isGreaterThan(0.9);
            var first = Files.readAllBytes(folder.resolve("local.safetensors"));
            plan.run(job, _ -> {});
            assertThat(Files.readAllBytes(folder.resolve("local.safetensors"))).isEqualTo(first);
            // testing draws nothing from the generator
            plan.run(
                    fixture.trainJob(
                            plan,
                            xorArgs()
                                    .testOnGlobalUpdates(false)
                                    .testOnLocalUpdates(false)
                                    .build()),
                    _ -> {});
            assertThat(Files.readAllBytes(folder.resolve("local.safetensors"))).isEqualTo(first);
            plan.run(fixture.trainJob(plan, xorArgs().randomSeed(8).build()), _ -> {});
            assertThat(Files.readAllBytes(folder.resolve("local.safetensors"))).isNotEqualTo(first);

            try (var trained = Safetensors.open(folder.resolve("local.safetensors"))) {
                assertThat(trained.parameters().metadata()).containsEntry("kept", "yes");
                assertThat(trained.parameters().get("2.num_batches_tracked").dtype())
                        .isEqualTo(DType.I64);
                var inputs = Files.writeString(folder.resolve("new.csv"), "a,b\n0.6,-0.6\n-0.6,-0.6\n0.5,0.5\n");
                var predictions = plan.predict(trained.parameters(), fixture.modelArgs(), null, fixture.data());
                assertThat(predictions.rows()).isEqualTo(200);
                assertThat(plan.predict(trained.parameters(), fixture.modelArgs(), null, inputs)
                                .rows())
                        .isEqualTo(3);
            }
        }
    }

    /** Where CUDA is, the numbers may differ from the CPU's in the last digits: this is of machines without. */
    @Test
    void whereThereIsNoGpuAskingForOneChangesNothing() throws IOException {
        Assumptions.assumeFalse(torch.cuda_is_available(), "this machine has CUDA");
        var fixture = fixture(XOR);
        try (var plan = fixture.compiled()) {
            plan.run(fixture.trainJob(plan, xorArgs().epochs(2).build()), _ -> {});
            var cpu = Files.readAllBytes(folder.resolve("local.safetensors"));
            plan.run(fixture.trainJob(plan, xorArgs().epochs(2).useGpu(true).build()), _ -> {});
            assertThat(Files.readAllBytes(folder.resolve("local.safetensors"))).isEqualTo(cpu);
        }
    }

    @Test
    void parametersHavePyTorchsNamesAndFollowTheSeed() {
        var parameters = initial(XOR, 1);
        assertThat(parameters.names())
                .containsExactly(
                        "0.weight",
                        "0.bias",
                        "2.weight",
                        "2.bias",
                        "4.weight",
                        "4.bias",
                        "2.running_mean",
                        "2.running_var",
                        "2.num_batches_tracked");
        assertThat(parameters.get("0.weight").dtype()).isEqualTo(DType.F32);
        assertThat(parameters.get("0.weight").shape()).containsExactly(16, 2);
        assertThat(initial(XOR, 1)).isEqualTo(parameters);
        assertThat(initial(XOR, 2)).isNotEqualTo(parameters);
    }

    @Test
    void aModelOfItsOwnKindHasNamedPartsAndOneOutputServesTwoClasses() throws IOException {
        var text = XOR.replace(
                        "return sequential(linear(2, hidden), tanh(), batchNorm1d(hidden), dropout(0.1), linear(hidden, 2));",
                        "return new Net(hidden);")
                .replace("crossEntropy", "bceWithLogits")
                .replace("int hidden = args", """
                        class Net extends TorchModule {
                            private final TorchModule fc1;
                            private final TorchModule fc2;
                            Net(int hidden) { fc1 = child("fc1", linear(2, hidden)); fc2 = child("fc2", linear(hidden, 1)); }
                            @Override public TorchTensor forward(TorchTensor x) { return fc2.forward(fc1.forward(x).tanh()); }
                        }
                        int hidden = args""");
        assertThat(initial(text, 1).names()).containsExactly("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias");
        var fixture = fixture(text);
        try (var plan = fixture.compiled()) {
            var done = plan.run(fixture.trainJob(plan, xorArgs().build()), _ -> {});
            assertThat(Metrics.of(Objects.requireNonNull(done.localTest())).get("roc_auc"))
                    .isGreaterThan(0.95);
        }
    }

    /** Others between a sequential's layers are freed as soon as the next layer is done with them. */
    @Test
    void whatAModuleOfThePlanKeepsLivesUntilTheStepEnds() throws IOException {
        var text = XOR.replace(
                        "return sequential(linear(2, hidden), tanh(), batchNorm1d(hidden), dropout(0.1), linear(hidden, 2));",
                        "return sequential(sequential(), linear(2, hidden), sequential(tanh(), relu()), kept, tanh(), linear(hidden, 2));")
                .replace(
                        "return crossEntropy(model.forward(batch.input()), batch.target());",
                        "return crossEntropy(model.forward(batch.input()), batch.target()).add(kept.seen.square().mean())"
                                + ".add(batch.input().square().mean());")
                .replace("@Override\n    public TorchModule model", """
                    static class Kept extends TorchModule {
                        TorchTensor seen;
                        @Override public TorchTensor forward(TorchTensor x) { seen = x; return x; }
                    }
                    private final Kept kept = new Kept();

                    @Override
                    public TorchModule model""");
        var fixture = fixture(text);
        try (var plan = fixture.compiled()) {
            var args = TrainingArgs.builder().numUpdates(3).build();
            assertThat(plan.run(fixture.trainJob(plan, args), _ -> {}).loss()).isPositive();
        }
    }

    @Test
    void imagesInColumnsPassThroughConvolutions() throws IOException {
        var text = XOR.replace(
                "return sequential(linear(2, hidden), tanh(), batchNorm1d(hidden), dropout(0.1), linear(hidden, 2));",
                "return sequential(linear(2, 36), unflatten(1, 6, 6), conv2d(1, 3, 3, 1, 1), batchNorm2d(3), relu(),"
                        + " maxPool2d(2), flatten(), sigmoid(), linear(27, 2));");
        var fixture = fixture(text);
        assertThat(initial(text, 1).get("2.weight").shape()).containsExactly(3, 1, 3, 3);
        try (var plan = fixture.compiled()) {
            var args = TrainingArgs.builder().numUpdates(3).build();
            assertThat(plan.run(fixture.trainJob(plan, args), _ -> {}).updates())
                    .isEqualTo(3);
        }
    }

    @Test
    void layersThatDoNotFitAreToldWithoutData() {
        assertThatThrownBy(() -> initial(XOR.replace("linear(hidden, 2)", "linear(hidden, 3)"), 1))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_INVALID))
                .hasMessageContaining("2 classes need 2 outputs a row (or 1)");
        assertThatThrownBy(() -> initial(XOR.replace("linear(hidden, 2)", "linear(7, 2)"), 1))
                .isInstanceOfSatisfying(
                        FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_FAILED))
                .hasStackTraceContaining("shapes cannot be multiplied");
    }

    @Test
    void argumentsThatTheModelCannotUseAreToldByNameAndValueBeforeAnythingRuns() {
        try (var compiled = LoadedPlan.compile(new PlanSource(XOR))) {
            assertThatThrownBy(() -> compiled.requirements(new Args(Map.of("hidden", "many"))))
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PLAN_FAILED))
                    .hasMessageContaining("the plan's model threw java.lang.IllegalArgumentException at line ")
                    .hasMessageContaining(": argument 'hidden' must be a whole number, not many");
        }
    }

    @Test
    void memoryThatPyTorchDoesNotGetIsToldAsSuch() throws IOException {
        var fixture = fixture(XOR.replace("return crossEntropy(", """
                TorchTensor wide = batch.input();
                        for (int i = 0; i < 4; i++) {
                            wide = wide.reshape(-1, 1).matmul(wide.reshape(1, -1));
                        }
                        return crossEntropy("""));
        try (var plan = fixture.compiled()) {
            var job = fixture.trainJob(plan, TrainingArgs.builder().build());
            assertThatThrownBy(() -> plan.run(job, _ -> {}))
                    .hasMessageContaining("it needs more memory than the worker has: lower batch_size");
        }
    }

    @Test
    void aLossThatIsNoScalarIsTold() throws IOException {
        var fixture =
                fixture(XOR.replace("crossEntropy(model.forward(batch.input()), batch.target())", "batch.input()"));
        try (var plan = fixture.compiled()) {
            var job = fixture.trainJob(plan, TrainingArgs.builder().build());
            assertThatThrownBy(() -> plan.run(job, _ -> {})).hasMessageContaining("return a scalar");
        }
    }

    /** What the in-process engines share is PyTorch's generator: each update seeds it for itself. */
    @Test
    void trainingsSideBySideInOneProcessDoNotDisturbEachOther() throws Exception {
        var fixture = fixture(XOR);
        try (var plan = fixture.compiled()) {
            var job = fixture.trainJob(plan, xorArgs().epochs(10).build());
            plan.run(job, _ -> {});
            var alone = Files.readAllBytes(folder.resolve("local.safetensors"));
            var others = new ArrayList<Thread>();
            for (int i = 0; i < 3; i++) {
                var other = fixture.job(
                        WorkerJob.Task.EVALUATE, xorArgs().randomSeed(i).build(), job.preprocessing());
                others.add(Thread.startVirtualThread(() -> plan.run(other, _ -> {})));
                others.add(Thread.startVirtualThread(() -> plan.initialParameters(Args.NONE, 5)));
            }
            plan.run(job, _ -> {});
            for (var other : others) {
                other.join();
            }
            assertThat(Files.readAllBytes(folder.resolve("local.safetensors"))).isEqualTo(alone);
        }
    }

    @Test
    void nativeMemoryDoesNotGrowWithTheBatches() throws IOException {
        var fixture = fixture(XOR);
        try (var plan = fixture.compiled()) {
            var few =
                    fixture.trainJob(plan, TrainingArgs.builder().numUpdates(50).build());
            plan.run(few, _ -> {});
            long before = Pointer.totalCount();
            plan.run(
                    fixture.trainJob(
                            plan, TrainingArgs.builder().numUpdates(500).build()),
                    _ -> {});
            // fewer where what earlier tests have left was collected meanwhile
            assertThat(Pointer.totalCount()).isLessThanOrEqualTo(before);
        }
    }
}
