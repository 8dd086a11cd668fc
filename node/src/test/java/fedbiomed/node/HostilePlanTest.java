package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.PlanStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans that loop, throw, eat memory or end their process: each is answered, and the node goes on. */
public class HostilePlanTest {
    private static final String LOOP = TestPlans.doing("while (System.nanoTime() != 0) { Math.random(); }");

    @TempDir
    Path folder;

    private TestFederation federation;
    private TestResearcher researcher;

    @BeforeEach
    void start() throws InterruptedException {
        federation = new TestFederation(folder);
        researcher = federation.researcher;
    }

    @AfterEach
    void stop() {
        federation.close();
    }

    @Test
    void aPlanThatLoopsForEverIsEndedAtTheLimit() throws Exception {
        try (var node =
                federation.startTrustingNode("hospital-a", TestFederation.withJobLimit(Duration.ofSeconds(6)))) {
            var error = failure(node, LOOP);
            assertThat(error.code()).isEqualTo(ErrorCode.PLAN_FAILED);
            assertThat(error.text()).contains("6 s", "job_limit");
            assertThat(node.workers()).isZero();
        }
    }

    @Test
    void aPlanThatEatsTheHeapIsToldSo() throws Exception {
        try (var node = federation.startTrustingNode("hospital-a", TestFederation.SMALL)) {
            var error = failure(
                    node,
                    TestPlans.doing("java.util.List<byte[]> all = new java.util.ArrayList<>();"
                            + " while (all.size() < 100_000) { all.add(new byte[1 << 20]); }"));
            assertThat(error.code()).isEqualTo(ErrorCode.PLAN_FAILED);
            assertThat(error.text()).contains("memory");
            works(node);
        }
    }

    @Test
    void aPlanBeyondTheResidentMemoryIsEnded() throws Exception {
        try (var node = federation.startTrustingNode(
                "hospital-a", TestFederation.withMemory(DataSize.ofMebibytes(600), DataSize.ofMebibytes(200)))) {
            var error = failure(
                    node,
                    TestPlans.doing("java.util.List<byte[]> all = new java.util.ArrayList<>();"
                            + " while (all.size() < 400) { byte[] b = new byte[1 << 20];"
                            + " java.util.Arrays.fill(b, (byte) 1); all.add(b); }"
                            + " while (all.size() > 1) { Math.random(); }"));
            assertThat(error.code()).isEqualTo(ErrorCode.PLAN_FAILED);
            assertThat(error.text()).contains("worker_memory", "200 MiB");
        }
    }

    @Test
    void aPlanThatThrowsTellsNoDataAndTheNextJobWorks() throws Exception {
        try (var node = federation.startTrustingNode("hospital-a", TestFederation.SMALL)) {
            var error = failure(node, TestPlans.doing("if (true) throw new IllegalStateException(\"P007 is sick\");"));
            assertThat(error.code()).isEqualTo(ErrorCode.PLAN_FAILED);
            assertThat(error.text())
                    .contains("the plan's data threw java.lang.IllegalStateException at line 7")
                    .doesNotContain("P007")
                    .hasLineCount(1);
            works(node);
        }
    }

    @Test
    void aPlanThatDoesNotCompileIsToldByLineAndMessageAndTheNextJobWorks() throws Exception {
        try (var node = federation.startTrustingNode("hospital-a", TestFederation.SMALL)) {
            var error = failure(node, TestPlans.doing("int rows = \"many\";"));
            assertThat(error.code()).isEqualTo(ErrorCode.PLAN_INVALID);
            assertThat(error.text())
                    .isEqualTo("the plan does not compile: line 7: incompatible types: java.lang.String cannot be"
                            + " converted to int");
            var two = failure(node, TestPlans.doing("Missing a; Missing b;"));
            assertThat(two.text().lines()).hasSize(3).last().asString().startsWith("line 7: cannot find symbol");
            assertThat(failure(node, "public class A { }").text()).contains("SgdClassifier");
            works(node);
        }
    }

    private void works(Node node) throws Exception {
        federation.approve(node, TestPlans.GOOD);
        var dataset = node.datasets().list().getFirst().description();
        var job = researcher.job(node, dataset, TestPlans.GOOD, researcher.publishModel(folder, node.party()));
        researcher.ask(node.party(), new Request.Train(job), Reply.Train.class);
    }

    @Test
    void whatAPlanPrintsCannotSteerTheTerminalOfWhoReadsTheLog() throws Exception {
        try (var node = federation.startTrustingNode("hospital-a", TestFederation.SMALL)) {
            failure(
                    node,
                    TestPlans.doing(
                            "System.out.println(\"seen\" + (char) 27 + \"[2J\" + (char) 0x9b + \"31m\" + (char) 13);"
                                    + " if (true) throw new RuntimeException(\"row\" + (char) 27 + \"]0;title\" + (char) 7);"));
            try (var logs = Files.list(folder.resolve("hospital-a/logs"))) {
                var log = Files.readString(logs.findFirst().orElseThrow(), StandardCharsets.ISO_8859_1);
                assertThat(log)
                        .contains("seen?[2J", "row?]0;title?")
                        .doesNotContainPattern("[\\x00-\\x08\\x0b-\\x1f\\x7f\\x9b]");
            }
        }
    }

    @Test
    void aPlanThatUsesWhatNoPlanMayIsRefusedWithItsLine() throws Exception {
        try (var node = federation.startTrustingNode("hospital-a", TestFederation.SMALL)) {
            var error = failure(node, TestPlans.doing("System.exit(3);"));
            assertThat(error.code()).isEqualTo(ErrorCode.PLAN_INVALID);
            assertThat(error.text()).contains("line 7: java.lang.System.exit");
        }
    }

    @Test
    void cancelEndsTheWorkAndForgetsIt() throws Exception {
        try (var node = federation.startTrustingNode("hospital-a", TestFederation.SMALL)) {
            var job = federation.permittedJob(node, LOOP);
            var id = researcher.send(node.party(), new Request.Train(job));
            Awaitility.await().atMost(TestResearcher.PATIENCE).until(() -> node.workers() == 1);
            // a duplicate of what runs changes nothing
            researcher.send(node.party(), new Request.Train(job));
            researcher.send(node.party(), new Message.Cancel(id));
            Awaitility.await()
                    .atMost(TestResearcher.PATIENCE)
                    .until(() -> node.workers() == 0 && node.openRequests() == 0);
            assertThat(researcher.repliesTo(id)).isEmpty();
        }
    }

    @Test
    void aWithdrawnApprovalEndsWhatRuns() throws Exception {
        try (var node = federation.startTrustingNode("hospital-a", TestFederation.SMALL)) {
            var job = federation.permittedJob(node, LOOP);
            var id = researcher.send(node.party(), new Request.Train(job));
            Awaitility.await().atMost(TestResearcher.PATIENCE).until(() -> node.workers() == 1);
            node.plans().decide(job.plan(), PlanStatus.REJECTED, "no longer");
            Awaitility.await()
                    .atMost(TestResearcher.PATIENCE)
                    .until(() -> !researcher.repliesTo(id).isEmpty());
            assertThat(researcher.repliesTo(id).getFirst())
                    .isInstanceOfSatisfying(
                            Reply.Error.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.PLAN_REJECTED));
            assertThat(node.workers()).isZero();
        }
    }

    private Reply.Error failure(Node node, String plan) throws Exception {
        federation.approve(node, plan);
        var dataset = node.datasets().list().isEmpty()
                ? federation.share(node, 100)
                : node.datasets().list().getFirst().description();
        var job = researcher.job(node, dataset, plan, researcher.publishModel(folder, node.party()));
        return researcher.ask(node.party(), new Request.Train(job), Reply.Error.class);
    }
}
