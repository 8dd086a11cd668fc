package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.GradientCorrection;
import fedbiomed.vocabulary.OptimizerModule;
import fedbiomed.vocabulary.TrainingArgs;
import fedbiomed.vocabulary.UpdateCompression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan keeps at the node, over rounds, through real worker processes. */
class LocalLayerTest {
    @TempDir
    Path folder;

    private TestFederation federation;
    private TestResearcher researcher;
    private Node node;
    private Job job;

    @BeforeEach
    void start() throws Exception {
        federation = new TestFederation(folder);
        researcher = federation.researcher;
        node = federation.startTrustingNode(
                "hospital-a", TestFederation.withMemory(DataSize.ofMebibytes(128), DataSize.ofMebibytes(1024)));
        federation.approve(node, TestPlans.LOCAL_LAYER);
        job = researcher.job(
                node,
                federation.share(node, 100),
                TestPlans.LOCAL_LAYER,
                researcher.publishLocalLayer(folder, node.party()));
    }

    @AfterEach
    void stop() {
        node.close();
        federation.close();
    }

    private Reply.Train train(String run, int round, @Nullable String state) {
        return researcher.ask(
                node.party(), new Request.Train(TestResearcher.from(job, run, round, state)), Reply.Train.class);
    }

    private Parameters update(Reply.Train reply) throws IOException {
        var file = Files.createTempFile(folder, "update", "");
        researcher.download(reply.update(), file);
        return Safetensors.map(file);
    }

    @Test
    void theLayerGoesOnWhereTheNamedTrainingLeftItAndNeverLeaves() throws IOException {
        var first = train("run-1", 1, null);
        assertThat(first.stateKept()).isTrue();
        var second = train("run-1", 2, first.request());

        assertThat(update(second).get("0.weight"))
                .as("in what travels the layer is as it came")
                .isEqualTo(update(first).get("0.weight"));
        var anew = train("run-3", 2, null);
        assertThat(second.update().sha256()).isNotEqualTo(anew.update().sha256());
        assertThat(train("run-2", 2, first.request()).update().sha256())
                .as("a branch with the same seed gives the same bytes")
                .isEqualTo(second.update().sha256());
        assertThat(second.globalTest())
                .as("tested with its own layer")
                .usingRecursiveComparison()
                .isNotEqualTo(anew.globalTest());

        var tested = researcher.ask(
                node.party(),
                new Request.Evaluate(TestResearcher.from(job, "run-1", 2, first.request())),
                Reply.Evaluate.class);
        assertThat(tested.test()).usingRecursiveComparison().isEqualTo(second.globalTest());
        assertThat(researcher
                        .ask(
                                node.party(),
                                new Request.Evaluate(TestResearcher.from(job, "run-1", 2, null)),
                                Reply.Evaluate.class)
                        .test())
                .usingRecursiveComparison()
                .isEqualTo(anew.globalTest());
    }

    /** SCAFFOLD over two rounds, with momentum: vectors come and go with the model, others stay beside the layer. */
    @Test
    void aCorrectionsVectorsTravelAndStayThroughTheNode() throws IOException {
        var args = job.trainingArgs().toBuilder()
                .correction(new GradientCorrection("scaffold", Args.NONE))
                .optimizerModules(List.of(new OptimizerModule("momentum", Args.NONE)))
                .build();
        job = TestResearcher.with(job, 1, job.participant(), args, job.parameters());
        var first = train("run-1", 1, null);
        assertThat(first.stateKept()).isTrue();
        var update = update(first);
        var model = Auxiliary.model(update);
        var change = Auxiliary.vector(update, "control_change");
        assertThat(model.names()).containsExactly("0.weight", "0.bias", "2.weight", "2.bias");
        model.requireSameStructure(change);
        assertThat(change.get("0.weight").toDoubles())
                .as("of what stays nothing is told")
                .containsOnly(0);
        assertThat(change.get("2.weight").toDoubles()).doesNotContain(0);

        // the only node's c_i is the mean of all
        var ref = researcher.publish(
                folder.resolve("second.safetensors"), node.party(), Auxiliary.with(model, "control", change));
        job = TestResearcher.with(job, 2, job.participant(), args, ref);
        var second = update(train("run-1", 2, first.request()));
        assertThat(second.names()).containsExactlyElementsOf(update.names());
        assertThat(update(train("run-2", 2, first.request()))).isEqualTo(second);
        var tested = researcher.ask(
                node.party(),
                new Request.Evaluate(TestResearcher.from(job, "run-1", 2, first.request())),
                Reply.Evaluate.class);
        assertThat(tested.test().count()).isPositive();

        var without = job.trainingArgs().toBuilder().optimizerModules(List.of()).build();
        var error = researcher.ask(
                node.party(),
                new Request.Train(TestResearcher.from(
                        TestResearcher.with(job, 2, job.participant(), without, ref), "run-1", 2, first.request())),
                Reply.Error.class);
        assertThat(error.code()).isEqualTo(ErrorCode.DATA_UNFIT);
        assertThat(error.text()).contains("does not fit its correction and optimizer modules");
        var unknown = job.trainingArgs().toBuilder()
                .correction(new GradientCorrection("mime", Args.NONE))
                .build();
        var refused = researcher.ask(
                node.party(),
                new Request.Train(TestResearcher.with(job, 2, job.participant(), unknown, ref)),
                Reply.Error.class);
        assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(refused.text()).contains("no correction 'mime'");
    }

    /** With momentum and a local layer beside it, through a worker of its own process. */
    @Test
    void whatCompressionLosesStaysAtTheNode() throws IOException {
        var args = job.trainingArgs().toBuilder()
                .compression(UpdateCompression.int8())
                .optimizerModules(List.of(new OptimizerModule("momentum", Args.NONE)))
                .build();
        var plain = job;
        job = TestResearcher.with(plain, 1, job.participant(), args, job.parameters());
        var first = train("run-1", 1, null);
        assertThat(first.stateKept()).isTrue();
        assertThat(update(first).names())
                .containsExactly(
                        "0.weight",
                        "compression/scale/0.weight",
                        "0.bias",
                        "2.weight",
                        "compression/scale/2.weight",
                        "2.bias");
        assertThat(update(first).get("2.weight").dtype()).isEqualTo(DType.I8);
        assertThat(update(first).get("0.weight").toDoubles())
                .as("of what stays nothing is told")
                .containsOnly(0);
        job = TestResearcher.with(plain, 2, job.participant(), args, job.parameters());
        var second = train("run-1", 2, first.request());
        assertThat(second.stateKept()).isTrue();
        assertThat(train("run-2", 2, first.request()).update().sha256())
                .isEqualTo(second.update().sha256());
        job = TestResearcher.with(plain, 3, job.participant(), args, job.parameters());
        assertThat(train("run-1", 3, second.request()).stateKept()).isTrue();

        var unknown = args.toBuilder()
                .compression(new UpdateCompression("zip", Args.NONE))
                .build();
        var refused = researcher.ask(
                node.party(),
                new Request.Train(TestResearcher.with(plain, 4, job.participant(), unknown, job.parameters())),
                Reply.Error.class);
        assertThat(refused.code()).isEqualTo(ErrorCode.UNSUPPORTED);
        assertThat(refused.text()).contains("no compression is called 'zip'");
    }

    @Test
    void whatNoLaterRoundCouldStartFromIsRefusedAndNotKept() throws IOException {
        var plan = TestPlans.LOCAL_LAYER.replace("public TorchOptimizer", """
                public void postprocess(TorchModule model) {
                    var bias = model.parameters().get("0.bias");
                    bias.assign(bias.multiply(Double.NaN));
                }

                @Override
                public TorchOptimizer""");
        federation.approve(node, plan);
        var other = researcher.job(
                node,
                node.datasets().get(job.participant().dataset()).description(),
                plan,
                java.util.Objects.requireNonNull(job.parameters()));
        // a test of the trained model would notice it first
        var untested = TestResearcher.with(
                other,
                1,
                other.participant(),
                TrainingArgs.builder().epochs(1).batchSize(16).build(),
                other.parameters());
        var error = researcher.ask(node.party(), new Request.Train(untested), Reply.Error.class);
        assertThat(error.code()).isEqualTo(ErrorCode.PLAN_FAILED);
        assertThat(error.text())
                .contains("the plan's result was refused: what stays at the node", "numbers that are not finite")
                .doesNotContain("0.bias");
        assertThat(folder.resolve("hospital-a/states")).isEmptyDirectory();
    }

    @Test
    void whatIsNotThereOrAnothersIsAnsweredWithAReasonAndTheNodeGoesOn() throws Exception {
        var first = train("run-1", 1, null);
        try (var bob = federation.researcher("bob")) {
            node.trusted().trust(bob.party(), bob.identity.keys().fingerprint());
            bob.trust(node);
            var own = TestResearcher.from(job, "run-1", 2, first.request());
            var his = new Job(
                    own.runId(),
                    own.round(),
                    0,
                    bob.party(),
                    own.participant(),
                    own.fingerprint(),
                    own.plan(),
                    own.modelArgs(),
                    own.trainingArgs(),
                    first.request(),
                    own.preprocessing(),
                    bob.publishLocalLayer(folder, node.party()));
            for (var request : new Request[] {new Request.Train(his), new Request.Evaluate(his)}) {
                assertThat(bob.ask(node.party(), request, Reply.Error.class).code())
                        .isEqualTo(ErrorCode.STATE_UNAVAILABLE);
            }
        }
        // this node keeps two: of the second round, and what that started from
        var second = train("run-1", 2, first.request());
        var third = train("run-1", 3, second.request());
        var gone = researcher.ask(
                node.party(),
                new Request.Train(TestResearcher.from(job, "run-1", 2, first.request() /* asked for anew */)),
                Reply.class);
        assertThat(gone).as("a finished training is answered from the journal").isInstanceOf(Reply.Train.class);
        var error = researcher.ask(
                node.party(),
                new Request.Train(TestResearcher.from(job, "run-1", 4, first.request())),
                Reply.Error.class);
        assertThat(error.code()).isEqualTo(ErrorCode.STATE_UNAVAILABLE);
        assertThat(error.text()).contains(first.request().substring(0, 12), "last 2 trainings", "initial_model");
        assertThat(train("run-1", 4, third.request()).stateKept()).isTrue();
        try (var left = Files.list(folder.resolve("hospital-a/states"))) {
            assertThat(left).hasSize(2);
        }
    }
}
