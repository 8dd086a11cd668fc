package fedbiomed.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.parameters.Safetensors;
import fedbiomed.vocabulary.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans on PyTorch, from {@code fedbiomed run} to the worker at the node and back: a good one, and bad ones. */
class TorchPlanTest {
    private static final String NET = """
            import fedbiomed.training.torch.*;
            import fedbiomed.vocabulary.Args;

            public class SickNet extends TorchPlan {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").standardise().target("sick").classes("no", "yes");
                }

                @Override
                public TorchModule model(Args args) {
                    return sequential(linear(2, 8), tanh(), dropout(0.1), linear(8, 2));
                }

                @Override
                public TorchOptimizer optimizer(TorchModule model, Args args) {
                    return adam(model, args.real("lr", 0.02));
                }

                @Override
                public TorchTensor trainingStep(TorchModule model, Batch batch) {
                    /* line 22 */
                    return crossEntropy(model.forward(batch.input()), batch.target());
                }
            }
            """;

    private static final String TRAINING =
            "training_args: {epochs: 20, loader_args: {batch_size: 16}, test_ratio: 0.25, test_on_global_updates: true,"
                    + " test_on_local_updates: true}";

    @TempDir
    static Path folder;

    private static Federation federation;

    @BeforeAll
    static void start() throws Exception {
        federation = new Federation(folder, Federation.NODE);
        federation.trustEachOther();
        federation.share("People", Federation.table(120), "sick");
    }

    @AfterAll
    static void stop() {
        federation.close();
    }

    private static String doing(String statement) {
        return NET.replace("/* line 22 */", statement);
    }

    /** What the researcher is told of the one participant. The node is the same in all tests, whatever came before. */
    private static String reason(String plan) throws Exception {
        var ran = federation.run(plan, TRAINING);
        assertThat(ran.exit()).as(ran.out() + ran.err()).isEqualTo(3);
        var reasons =
                ran.err().lines().filter(line -> line.contains("hospital-a/")).toList();
        assertThat(reasons).hasSize(1);
        assertThat(ran.err()).doesNotContain("\tat ");
        return reasons.getFirst();
    }

    private static void works() throws Exception {
        var ran = federation.run(NET, TRAINING);
        assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
    }

    @Test
    void aNetworkLearnsAtTheNodeAndTheSameSeedGivesTheSameBytes() throws Exception {
        byte[] first = new byte[0];
        for (int i = 0; i < 2; i++) {
            var ran = federation.run(NET, TRAINING, "rounds: 3");
            assertThat(ran.exit()).as(ran.out() + ran.err()).isZero();
            var result = Json.MAPPER.readTree(ran.out().strip().lines().toList().getLast());
            for (var test : new String[] {"test_on_global_updates", "test_on_local_updates"}) {
                assertThat(result.path(test).path("accuracy").asDouble()).isGreaterThan(0.8);
                assertThat(result.path(test).path("roc_auc").asDouble()).isGreaterThan(0.9);
                assertThat(result.path(test).path("log_loss").asDouble()).isBetween(0.0, 0.6);
            }
            var model = Files.readAllBytes(federation.lastRun().resolve("rounds/0003/global.safetensors"));
            assertThat(i == 0 ? model : first).isEqualTo(model);
            first = model;
        }
    }

    /** The first layer and the running means stay at the node: without what it kept, no round would be the same. */
    @Test
    void aLayerThatStaysGoesOnAlsoWhenTheExperimentIsResumed() throws Exception {
        var plan = NET.replace(
                "sequential(linear(2, 8), tanh()", "sequential(linear(2, 8).local(), batchNorm1d(8), tanh()");
        var training = TRAINING.replace("{epochs: 20", "{share_persistent_buffers: false, epochs: 2");
        var whole = federation.run(plan, training, "rounds: 3");
        assertThat(whole.exit()).as(whole.out() + whole.err()).isZero();
        var uninterrupted = federation.lastRun();

        var broken = federation.run(plan, training, "rounds: 1");
        assertThat(broken.exit()).as(broken.out() + broken.err()).isZero();
        federation.restartNode(Federation.NODE);
        var resumed = Typed.of(
                "run",
                "--resume",
                federation.lastRun(),
                "--rounds",
                3,
                "--home",
                federation.researcherHome(),
                "--no-wait",
                "--json");
        assertThat(resumed.exit()).as(resumed.out() + resumed.err()).isZero();
        for (var round : new String[] {"0001", "0002", "0003"}) {
            var model = "rounds/" + round + "/global.safetensors";
            assertThat(Files.readAllBytes(federation.lastRun().resolve(model)))
                    .as(round)
                    .isEqualTo(Files.readAllBytes(uninterrupted.resolve(model)));
        }
        var began = Safetensors.map(uninterrupted.resolve("rounds/0000/global.safetensors"));
        var ended = Safetensors.map(uninterrupted.resolve("rounds/0003/global.safetensors"));
        for (var stays : new String[] {"0.weight", "0.bias", "1.running_mean", "1.num_batches_tracked"}) {
            assertThat(ended.get(stays)).as(stays).isEqualTo(began.get(stays));
        }
        assertThat(ended.get("1.weight")).isNotEqualTo(began.get("1.weight"));
    }

    @Test
    void aPlanThatThrowsIsToldByItsLineWithoutItsText() throws Exception {
        assertThat(reason(doing("if (batch != null) throw new IllegalStateException(\"P007 is sick\");")))
                .contains(
                        "failed (PLAN_FAILED): the plan's trainingStep threw java.lang.IllegalStateException at line 22")
                .doesNotContain("P007");
        works();
    }

    @Test
    void aLossThatIsNoNumberEndsTheTrainingWithARemedy() throws Exception {
        assertThat(reason(NET.replace("batch.target());", "batch.target()).multiply(Double.NaN);")))
                .contains(
                        "failed (PLAN_FAILED): after ",
                        "NaN or infinite values in tensor '0.weight'",
                        "try a smaller learning rate");
    }

    @Test
    void nativeMemoryThatIsNotThereIsToldAtOnce() throws Exception {
        assertThat(reason(doing("""
                TorchTensor wide = batch.input();
                        for (int i = 0; i < 4; i++) {
                            wide = wide.reshape(-1, 1).matmul(wide.reshape(1, -1));
                        }"""))).contains("(PLAN_FAILED)", "lower batch_size or the model's size");
    }

    @Test
    void nativeMemoryThatGrowsIsEndedAtTheLimit() throws Exception {
        // 4 MiB each, of a batch of 16 rows and 2 inputs
        assertThat(reason(doing("""
                TorchTensor wide = batch.input();
                        for (int i = 0; i < 2; i++) {
                            wide = wide.reshape(-1, 1).matmul(wide.reshape(1, -1));
                        }
                        java.util.List<TorchTensor> all = new java.util.ArrayList<>();
                        while (all.size() < 2000) { all.add(wide.exp()); }"""))).contains("(PLAN_FAILED)", "lower batch_size or the model's size");
    }

    @Test
    void tooMuchHeapIsToldAsMemory() throws Exception {
        assertThat(reason(doing("""
                java.util.List<byte[]> all = new java.util.ArrayList<>();
                        while (all.size() < 100_000) { all.add(new byte[1 << 20]); }""")))
                .contains(
                        "(PLAN_FAILED)",
                        "java.lang.OutOfMemoryError at line ",
                        "needs more memory than the worker has");
    }

    @Test
    void aPlanThatLoopsForEverIsEndedAtTheLimit() throws Exception {
        federation.restartNode(Federation.config(Duration.ofSeconds(12)));
        try {
            var ran = federation.run(doing("if (batch != null) while (true) { System.nanoTime(); }"), TRAINING);
            assertThat(ran.exit()).isEqualTo(3);
            assertThat(ran.err())
                    .contains(
                            "(PLAN_FAILED): the plan was ended: it worked for 12 s, the limit of this node (job_limit)");
            assertThat(federation.node().workers()).isZero();
        } finally {
            federation.restartNode(Federation.NODE);
        }
        works();
    }

    @Test
    void whatShowsWithoutDataIsToldBeforeAnyNodeIsAsked() throws Exception {
        assertThat(federation.runUnapproved(NET.replace("linear(8, 2)", "linear(8, 2"), "sick", TRAINING))
                .satisfies(ran -> assertThat(ran.exit()).isEqualTo(1))
                .satisfies(ran ->
                        assertThat(ran.err()).contains("the plan does not compile: line 12: ')' or ',' expected"));
        assertThat(federation.runUnapproved(NET.replace("tanh()", "null"), "sick", TRAINING))
                .satisfies(ran -> assertThat(ran.exit()).isEqualTo(1))
                .satisfies(ran -> assertThat(ran.err())
                        .contains("the plan's model threw java.lang.NullPointerException at line 12"));
    }
}
