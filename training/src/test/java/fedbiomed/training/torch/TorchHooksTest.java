package fedbiomed.training.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.metrics.Metrics;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.TrainingArgs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchHooksTest {
    private static final String PLAN = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;
            import java.util.List;
            import java.util.Map;

            public class TwoInputs extends TorchPlan {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.tensors().input("a", 4).input("b", 2, 3).target("y").regression();
                }

                static class Net extends TorchModule {
                    final TorchModule left = child("left", linear(4, 5));
                    final TorchModule right = child("right", sequential(flatten(), linear(6, 5)));
                    final TorchModule head = child("head", linear(10, 1));

                    @Override
                    public TorchTensor forward(TorchTensor both) {
                        return head.forward(both);
                    }

                    TorchTensor join(TorchTensor a, TorchTensor b) {
                        return forward(concat(1, left.forward(a).relu(), right.forward(b).relu()));
                    }
                }

                @Override
                public TorchModule model(Args args) {
                    return new Net();
                }

                @Override
                public TorchOptimizer optimizer(TorchModule model, Args args) {
                    return sgd(model, 0.05);
                }

                @Override
                public TorchTensor forward(TorchModule model, Batch batch) {
                    return ((Net) model).join(batch.input("a"), batch.input("b"));
                }

                @Override
                public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    return mseLoss(forward(model, batch), batch.target());
                }
            }
            """;

    @TempDir
    Path folder;

    private void writeData() {
        var random = new SplittableRandom(1);
        int n = 80;
        var a = random.doubles(n * 4L, -1, 1).toArray();
        var b = random.doubles(n * 6L, -1, 1).toArray();
        var y = new double[n];
        for (int i = 0; i < n; i++) {
            y[i] = a[4 * i] + 2 * b[6 * i];
        }
        Safetensors.write(
                folder.resolve("data.safetensors"),
                Parameters.builder()
                        .put("a", Tensor.ofDoubles(a, n, 4))
                        .put("b", Tensor.ofDoubles(b, n, 2, 3))
                        .put("y", Tensor.ofDoubles(y, n, 1))
                        .build());
    }

    private WorkerReply.Done train(String text) {
        return train(text, tested().epochs(20));
    }

    private static TrainingArgs.Builder tested() {
        return TrainingArgs.builder()
                .batchSize(16)
                .testRatio(0.25)
                .testOnGlobalUpdates(true)
                .testOnLocalUpdates(true);
    }

    private WorkerReply.Done train(String text, TrainingArgs.Builder args) {
        writeData();
        try (var plan = LoadedPlan.compile(new PlanSource(text))) {
            Safetensors.write(folder.resolve("global.safetensors"), plan.initialParameters(Args.NONE, 1));
            var job = new WorkerJob(
                    WorkerJob.Task.TRAIN,
                    folder.resolve("plan.java"),
                    Args.NONE,
                    args.build(),
                    new Participant(new PartyId("hospital-a"), "arrays"),
                    3,
                    new StoredDataset("tensors", folder.resolve("data.safetensors")),
                    folder.resolve("global.safetensors"),
                    folder.resolve("local.safetensors"),
                    null);
            return plan.run(job, _ -> {});
        }
    }

    private Parameters before() {
        return Safetensors.map(folder.resolve("global.safetensors"));
    }

    private Parameters after() {
        return Safetensors.map(folder.resolve("local.safetensors"));
    }

    private static double mse(WorkerReply.Done done) {
        return Objects.requireNonNull(
                Metrics.of(Objects.requireNonNull(done.localTest())).get("mse"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sgd(model, 0.05)",
                "sgd(model, 0.02, 0.9, 0.0001)",
                "adam(model, stepRate(0.04, 2, 0.5)).rate(((Net) model).head, 0.05)",
                "adamW(model, exponentialRate(0.03, 0.9))",
                "rmsprop(model, cosineRate(0.01, 10))",
                "adagrad(model, 0.1)",
                "lbfgs(model, 0.2, 5)"
            })
    void everyOptimizerLearnsFromTwoInputs(String optimizer) {
        assertThat(mse(train(PLAN.replace("sgd(model, 0.05)", optimizer)))).isLessThan(0.5);
    }

    @Test
    void aLocalPartIsTrainedAndStays() throws Exception {
        var text = PLAN.replace("return new Net();", "var net = new Net(); net.left.local(); return net;");
        train(text);
        assertThat(after().get("left.weight")).isEqualTo(before().get("left.weight"));
        assertThat(after().get("head.weight")).isNotEqualTo(before().get("head.weight"));
        var state = folder.resolve("state-after.safetensors");
        assertThat(Safetensors.map(state).names()).containsExactly("left.weight", "left.bias");
        assertThat(Safetensors.map(state).get("left.weight")).isNotEqualTo(before().get("left.weight"));
        var first = Files.readAllBytes(folder.resolve("local.safetensors"));
        // the next round goes on from what stayed
        Files.copy(state, folder.resolve("state-before.safetensors"));
        train(text);
        assertThat(Files.readAllBytes(folder.resolve("local.safetensors"))).isNotEqualTo(first);
    }

    @Test
    void whatStaysIsNotPulledToTheGlobalModelAndFrozenPartsAreNoState() throws Exception {
        var text = PLAN.replace(
                "return new Net();", "var net = new Net(); net.left.local(); net.right.freeze(); return net;");
        train(text);
        var kept = folder.resolve("state-after.safetensors");
        assertThat(Safetensors.map(kept).names()).containsExactly("left.weight", "left.bias");
        Files.copy(kept, folder.resolve("state-before.safetensors"));
        // at the first step only what stays is elsewhere than in the global model: FedProx's pull must not feel it
        train(text, tested().numUpdates(1));
        var without = Files.readAllBytes(kept);
        train(text, tested().numUpdates(1).fedproxMu(10));
        assertThat(Files.readAllBytes(kept)).isEqualTo(without);
        assertThat(after().get("right.1.weight")).isEqualTo(before().get("right.1.weight"));
        assertThat(after().get("head.weight")).isNotEqualTo(before().get("head.weight"));
    }

    @Test
    void postprocessChangesWhatLeaves() {
        train(PLAN.replace("static class Net", """
                @Override
                public void postprocess(TorchModule model) {
                    var bias = model.parameters().get("head.bias");
                    bias.assign(bias.multiply(0).add(round()));
                }

                static class Net"""));
        assertThat(after().get("head.bias").toDoubles()).containsExactly(3);
    }

    @Test
    void onlyDeclaredMetricsLeave() {
        var text = PLAN.replace("static class Net", """
                @Override
                public List<String> testingMetrics() {
                    return List.of("l1");
                }

                @Override
                public Map<String, TorchTensor> testingStep(TorchModule model, Batch batch) {
                    return Map.of("l1", l1Loss(forward(model, batch), batch.target()));
                }

                static class Net""");
        var done = train(text);
        assertThat(Metrics.of(Objects.requireNonNull(done.localTest()))).containsOnlyKeys("l1");
        assertThatThrownBy(() -> train(text.replace("Map.of(\"l1\"", "Map.of(\"row_17\"")))
                .hasMessageContaining("give exactly [l1]")
                .hasMessageNotContaining("row_17");
        assertThatThrownBy(() -> train(text.replace("List.of(\"l1\")", "List.of(\"A row!\")")))
                .hasMessageContaining("small letters, digits and underscores");
        assertThatThrownBy(() -> train(text.replace("List.of(\"l1\")", "List.of(\"mae\")")))
                .hasMessageContaining("a standard one's name");
        var built = text.replace("List.of(\"l1\")", "List.of(\"l\" + 1)");
        assertThatThrownBy(() -> LoadedPlan.compile(new PlanSource(built)).requirements(Args.NONE))
                .hasMessageContaining("'l1' whose name does not stand in its testingMetrics()");
    }

    /** What a plan gives back is its code, too: it is looked through while the hook is guarded. */
    @Test
    void noTextLeavesInAnExceptionOfWhatAHookGaveBack() {
        var kept = """
                static RuntimeException kept;

                static void keep() {
                    try {
                        new fedbiomed.vocabulary.Args(Map.of("P007 is sick", 1)).text("P007 is sick", "");
                    } catch (RuntimeException e) {
                        kept = e;
                    }
                }

                @Override
                public List<String> testingMetrics() {
                    return List.of("l1");
                }

                @Override
                public Map<String, TorchTensor> testingStep(TorchModule model, Batch batch) {
                    keep();
                    return new java.util.AbstractMap<>() {
                        @Override
                        public java.util.Set<Map.Entry<String, TorchTensor>> entrySet() {
                            throw kept;
                        }
                    };
                }

                static class Net""";
        assertThatThrownBy(() -> train(PLAN.replace("static class Net", kept)))
                .hasMessageContaining("the plan's testingStep threw java.lang.IllegalArgumentException at line 16")
                .hasMessageNotContaining("P007");
    }

    @Test
    void noTextLeavesInTheNameOfATensor() {
        assertThatThrownBy(() -> train(PLAN.replace("static class Net", """
                @Override
                public void postprocess(TorchModule model) {
                    ((Net) model).grow();
                }

                static class Net""")
                        .replace(
                                "final TorchModule left",
                                "final TorchModule spare = linear(1, 1);"
                                        + " void grow() { child(\"P007 is sick\", spare); } final TorchModule left")))
                .hasMessageContaining("changed of which parts its model is made")
                .hasMessageNotContaining("P007");
    }

    @Test
    void whatDoesNotFitIsTold() {
        assertThatThrownBy(() -> train(PLAN.replace("input(\"a\", 4)", "input(\"a\", 4, 1)")
                        .replace("batch.input(\"a\")", "batch.input(\"a\").flatten()")))
                .hasMessageContaining("array 'a' has the shape [4] a sample, the plan asks for [4, 1]");
        assertThatThrownBy(() -> train(PLAN.replace("return new Net();", "return new Net().freeze();")))
                .hasMessageContaining("no parameter to train");
        assertThatThrownBy(() -> train(PLAN.replace("target(\"y\")", "target(\"z\")")))
                .hasMessageContaining("no array 'z'");
        assertThatThrownBy(() -> train(PLAN.replace("static class Net", """
                @Override
                public List<String> dependencies() {
                    return List.of("org.example.Missing");
                }

                static class Net""")))
                .hasMessageContaining("depends on the class 'org.example.Missing'");
        assertThatThrownBy(() -> train(PLAN.replace("extends TorchPlan", "extends TorchScriptPlan")
                        .replace("public class TwoInputs", "public class TwoInputs")
                        .replace("static class Net", """
                                @Override
                                public String script() {
                                    return "none.pt";
                                }

                                static class Net""")))
                .hasMessageContaining("attachment 'none.pt' is not there");
    }
}
