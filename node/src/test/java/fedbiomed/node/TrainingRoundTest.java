package fedbiomed.node;

import static fedbiomed.node.TestFederation.SMALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.parameters.Safetensors;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PlanStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node at work: a real Network, real MQTT and HTTPS, real worker processes. */
class TrainingRoundTest {
    @TempDir
    Path folder;

    private TestFederation federation;
    private TestResearcher researcher;
    private Node node;

    @BeforeEach
    void start() throws InterruptedException {
        federation = new TestFederation(folder);
        researcher = federation.researcher;
        node = federation.startTrustingNode("hospital-a", SMALL);
    }

    @AfterEach
    void stop() {
        node.close();
        federation.close();
    }

    @Test
    void aWholeRoundGoesFromSearchToTheTrainedModel() throws IOException {
        var dataset = federation.share(node, 100);
        var found = researcher.ask(
                node.party(), new Request.Search(new TreeSet<>(List.of("sick")), "n1"), Reply.Datasets.class);
        assertThat(found.datasets()).containsExactly(dataset);
        assertThat(researcher
                        .ask(
                                node.party(),
                                new Request.Search(new TreeSet<>(List.of("other")), "n2"),
                                Reply.Datasets.class)
                        .datasets())
                .isEmpty();

        var state = researcher.ask(
                node.party(), new Request.Approval(TestPlans.GOOD, List.of(), "please", "n3"), Reply.PlanState.class);
        assertThat(state.status()).isEqualTo(PlanStatus.PENDING);
        node.plans().decide(state.plan(), PlanStatus.APPROVED, "fine");
        assertThat(researcher.ask(node.party(), new Request.PlanState(state.plan(), "n4"), Reply.PlanState.class))
                .extracting(Reply.PlanState::status, Reply.PlanState::note)
                .containsExactly(PlanStatus.APPROVED, "fine");

        var job = researcher.job(node, dataset, TestPlans.GOOD, researcher.publishModel(folder, node.party()));
        var statistics = researcher.ask(node.party(), new Request.Statistics(job), Reply.Statistics.class);
        assertThat(statistics.statistics().columns()).containsOnlyKeys("a", "b");

        var reply = researcher.ask(node.party(), new Request.Train(job), Reply.Train.class);
        assertThat(reply.samples()).isEqualTo(75);
        assertThat(reply.globalTest()).isNotNull();
        assertThat(reply.localTest()).isNotNull();
        assertThat(reply.timings().millis()).containsKeys("download", "upload", "train");
        var update = folder.resolve("update.safetensors");
        researcher.download(reply.update(), update);
        try (var trained = Safetensors.open(update)) {
            assertThat(trained.parameters().get("coef").toDoubles()).isNotEqualTo(new double[2]);
        }
        Awaitility.await().untilAsserted(() -> assertThat(researcher.scalars).isNotEmpty());
        Awaitility.await()
                .untilAsserted(() -> assertThat(researcher.scalars.stream()
                                .flatMap(batch -> batch.scalars().stream())
                                .toList())
                        .hasSize(Math.toIntExact(java.util.Objects.requireNonNull(reply.scalars())))
                        .extracting(fedbiomed.vocabulary.Scalar::name)
                        .contains("loss", "learning_rate", "seconds_per_batch", "memory_mb", "accuracy"));
        assertThat(researcher.scalars.getFirst().scalars().getFirst().participant())
                .isEqualTo(job.participant());

        var test = researcher.ask(node.party(), new Request.Evaluate(job), Reply.Evaluate.class);
        assertThat(test.test().count()).isEqualTo(25);

        assertThat(node.workers()).as("one worker, kept warm").isEqualTo(1);
        try (var left = Files.list(folder.resolve("hospital-a/work"))) {
            assertThat(left.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("job-")))
                    .isEmpty();
        }
    }

    @Test
    void aCheckTakesBatchesOfAnApprovedPlanAndKeepsNothing() throws IOException {
        var permitted = federation.permittedJob(node, TestPlans.GOOD);
        var job = TestResearcher.withoutModel(permitted);
        var reply = researcher.ask(node.party(), new Request.Check(job), Reply.Check.class);
        assertThat(reply.samples()).isEqualTo(75);
        assertThat(reply.batches()).isPositive();
        assertThat(reply.timings().millis()).containsKeys("load", "batches");
        assertThat(researcher
                        .ask(node.party(), new Request.Check(job), Reply.Check.class)
                        .samples())
                .as("asked again, tried again")
                .isEqualTo(75);

        node.plans().decide(job.plan(), PlanStatus.REJECTED, "no");
        assertThat(researcher
                        .ask(node.party(), new Request.Check(job), Reply.Error.class)
                        .code())
                .isEqualTo(ErrorCode.PLAN_REJECTED);
    }

    /** It decides where it computes; what comes back is the same. */
    @Test
    void aNodeThatLendsNoGpuTrainsOnItsCpuWhoeverAsks() throws IOException {
        var job = federation.permittedJob(node, TestPlans.GOOD);
        var asking = TestResearcher.with(
                job,
                job.round(),
                job.participant(),
                job.trainingArgs().toBuilder().useGpu(true).build(),
                job.parameters());
        var cpu = researcher.ask(node.party(), new Request.Train(job), Reply.Train.class);
        var asked = researcher.ask(node.party(), new Request.Train(asking), Reply.Train.class);
        assertThat(asked.request()).isNotEqualTo(cpu.request());
        assertThat(asked.update().sha256()).isEqualTo(cpu.update().sha256());
    }

    @Test
    void aDuplicateIsAnsweredWithTheSameBytesAndNotTrainedAgain() throws IOException {
        var job = federation.permittedJob(node, TestPlans.GOOD);
        var request = new Request.Train(job);
        var first = researcher.ask(node.party(), request, Reply.Train.class);
        // withdrawn, so that a second training would be refused
        node.plans().decide(job.plan(), PlanStatus.REJECTED, "");
        var id = researcher.send(node.party(), request);
        Awaitility.await().until(() -> researcher.repliesTo(id).size() >= 2);
        assertThat(researcher.repliesTo(id))
                .allSatisfy(reply -> assertThat(MessageCodec.encode(reply)).isEqualTo(MessageCodec.encode(first)));
    }

    @Test
    void anAnswerIsSentAgainUntilItsAckComes() throws IOException, InterruptedException {
        var request = new Request.Train(federation.permittedJob(node, TestPlans.GOOD));
        var id = Reply.Train.class.cast(researcher.ask(node.party(), request)).request();
        assertThat(node.unacknowledged()).isEqualTo(1);
        node.close();
        node = Node.open(folder.resolve("hospital-a"), SMALL, java.time.Clock.systemUTC());
        node.start();
        Awaitility.await().until(() -> researcher.repliesTo(id).size() >= 2);

        researcher.send(node.party(), new Message.Ack(id));
        Awaitility.await().until(() -> node.unacknowledged() == 0);
        node.close();
        node = Node.open(folder.resolve("hospital-a"), SMALL, java.time.Clock.systemUTC());
        assertThat(node.unacknowledged()).isZero();
    }

    @Test
    void anUpdateThatItsResearcherHasGoesFromTheStoreAndWhoLostItIsTrainedForAgain() throws IOException {
        var request = new Request.Train(federation.permittedJob(node, TestPlans.GOOD));
        var first = researcher.ask(node.party(), request, Reply.Train.class);
        var update = folder.resolve("update.safetensors");
        researcher.download(first.update(), update);

        researcher.send(node.party(), new Message.Ack(first.request()));
        Awaitility.await()
                .untilAsserted(() -> assertThatThrownBy(() -> researcher.download(first.update(), update))
                        .isInstanceOf(FedbiomedException.class)
                        .extracting("code")
                        .isEqualTo(ErrorCode.PARAMETERS_UNAVAILABLE));

        researcher.send(node.party(), request);
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(researcher.repliesTo(first.request())).hasSizeGreaterThan(1));
        var again = (Reply.Train) researcher.repliesTo(first.request()).getLast();
        assertThat(again.update()).isEqualTo(first.update());
        researcher.download(again.update(), update);
        assertThat(node.unacknowledged()).isEqualTo(1);
    }

    @Test
    void aPlanThatWaitsOrIsRejectedOrUnknownDoesNotRun() throws IOException {
        var job = federation.permittedJob(node, TestPlans.GOOD);
        var unknown = researcher.job(
                node,
                node.datasets().get(job.participant().dataset()).description(),
                TestPlans.GOOD + "// another",
                java.util.Objects.requireNonNull(job.parameters()));
        assertThat(researcher.ask(node.party(), new Request.Train(unknown), Reply.Error.class))
                .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.PLAN_UNKNOWN));

        researcher.ask(node.party(), new Request.Approval(TestPlans.GOOD + "// another", List.of(), "", "n"));
        assertThat(researcher.ask(node.party(), new Request.Train(TestResearcher.round(unknown, 2)), Reply.Error.class))
                .satisfies(error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.PLAN_PENDING);
                    assertThat(error.text())
                            .contains("fedbiomed node plan approve "
                                    + unknown.plan().abbreviated());
                });

        node.plans().decide(unknown.plan(), PlanStatus.REJECTED, "too greedy");
        assertThat(researcher.ask(node.party(), new Request.Train(TestResearcher.round(unknown, 3)), Reply.Error.class))
                .satisfies(error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.PLAN_REJECTED);
                    assertThat(error.text()).contains("too greedy");
                });
        assertThat(node.workers()).isZero();
    }

    @Test
    void aChangedFileIsNotTrainedOnAndATouchedOneIs() throws IOException {
        var job = federation.permittedJob(node, TestPlans.GOOD);
        var file = node.datasets().get(job.participant().dataset()).path();
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        researcher.ask(node.party(), new Request.Train(job), Reply.Train.class);

        Files.writeString(file, TestPlans.table(100, 99));
        var error = researcher.ask(node.party(), new Request.Train(TestResearcher.round(job, 2)), Reply.Error.class);
        assertThat(error.code()).isEqualTo(ErrorCode.DATASET_CHANGED);
        assertThat(error.text()).doesNotContain(folder.toString());

        Files.delete(file);
        assertThat(researcher
                        .ask(node.party(), new Request.Train(TestResearcher.round(job, 3)), Reply.Error.class)
                        .code())
                .isEqualTo(ErrorCode.DATASET_CHANGED);
    }

    @Test
    void anotherFingerprintOrTooFewRowsAreRefused() throws IOException {
        var dataset = federation.share(node, 9);
        federation.approve(node, TestPlans.GOOD);
        var job = researcher.job(node, dataset, TestPlans.GOOD, researcher.publishModel(folder, node.party()));
        assertThat(researcher
                        .ask(node.party(), new Request.Train(job), Reply.Error.class)
                        .code())
                .isEqualTo(ErrorCode.POLICY);
        var other = new fedbiomed.protocol.message.Job(
                job.runId(),
                job.round(),
                job.attempt(),
                job.researcher(),
                job.participant(),
                "0".repeat(64),
                job.plan(),
                job.modelArgs(),
                job.trainingArgs(),
                null,
                job.preprocessing(),
                job.parameters());
        assertThat(researcher
                        .ask(node.party(), new Request.Train(other), Reply.Error.class)
                        .code())
                .isEqualTo(ErrorCode.DATASET_CHANGED);
    }

    @Test
    void aRequestInAnothersNameOrForAnotherNodeIsRefused() throws Exception {
        var job = federation.permittedJob(node, TestPlans.GOOD);
        var other = federation.startTrustingNode("hospital-b", SMALL);
        try (other) {
            assertThat(researcher.ask(other.party(), new Request.Train(job), Reply.Error.class))
                    .satisfies(error -> {
                        assertThat(error.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
                        assertThat(error.text()).contains("hospital-a", "hospital-b");
                    });
        }
    }
}
