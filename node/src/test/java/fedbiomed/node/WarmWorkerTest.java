package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.training.worker.WorkerMain;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Worker processes that are kept between rounds, given up, or killed in the middle of one. */
class WarmWorkerTest {
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

    private Reply.Train train(Node node, Job job, int round) {
        return researcher.ask(node.party(), new Request.Train(TestResearcher.round(job, round)), Reply.Train.class);
    }

    @Test
    void aWorkerWithoutWorkIsEndedAfterItsTime() throws Exception {
        try (var node = federation.startTrustingNode(
                "hospital-a", TestFederation.withIdle(Duration.ofSeconds(1), DataSize.ofMebibytes(0)))) {
            var job = federation.permittedJob(node, TestPlans.GOOD);
            train(node, job, 1);
            Awaitility.await().until(() -> node.workers() == 0);
            train(node, job, 2);
        }
    }

    @Test
    void aWorkerWithoutWorkIsEndedWhenMemoryIsShort() throws Exception {
        try (var node = federation.startTrustingNode(
                // no machine has so much: memory is always short
                "hospital-a", TestFederation.withIdle(Duration.ofHours(1), DataSize.ofGibibytes(1 << 20)))) {
            var job = federation.permittedJob(node, TestPlans.GOOD);
            train(node, job, 1);
            Awaitility.await().until(() -> node.workers() == 0);
            train(node, job, 2);
        }
    }

    @Test
    void aWorkerThatIsKilledLosesThatRoundOnlyAndTheReasonIsTold() throws Exception {
        try (var node = federation.startTrustingNode("hospital-a", TestFederation.SMALL)) {
            var job = federation.permittedJob(node, TestPlans.GOOD);
            // as a fault in native code ends it
            var crashed = killedWhileTraining(node, job, 1, "SEGV");
            assertThat(crashed.text()).contains("the process that ran the plan crashed", "native code");
            train(node, job, 2);
            assertThat(node.workers()).isEqualTo(1);
            // as Linux ends it when the machine has no memory left
            var killed = killedWhileTraining(node, job, 3, "KILL");
            assertThat(killed.text()).contains("was killed (signal 9)", "ran out of memory");
            train(node, job, 4);
            assertThat(node.workers()).isEqualTo(1);
        }
    }

    private Reply.Error killedWhileTraining(Node node, Job job, int round, String signal)
            throws IOException, InterruptedException {
        var endless = TestResearcher.with(
                job,
                round,
                job.participant(),
                TrainingArgs.builder()
                        .numUpdates(Integer.MAX_VALUE)
                        .batchSize(16)
                        .logInterval(1000)
                        .build(),
                job.parameters());
        var id = researcher.send(node.party(), new Request.Train(endless));
        Awaitility.await()
                .until(() -> researcher.scalars.stream()
                        .anyMatch(batch -> batch.request().equals(id)));
        var worker = ProcessHandle.current()
                .descendants()
                .filter(WarmWorkerTest::isWorker)
                .findFirst()
                .orElseThrow();
        new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + worker.pid())
                .inheritIO()
                .start()
                .waitFor();
        Awaitility.await().until(() -> !researcher.repliesTo(id).isEmpty());
        assertThat(researcher.repliesTo(id).getFirst()).isInstanceOf(Reply.Error.class);
        var error = (Reply.Error) researcher.repliesTo(id).getFirst();
        assertThat(error.code()).isEqualTo(ErrorCode.PLAN_FAILED);
        assertThat(error.text()).hasLineCount(1);
        return error;
    }

    /** The JVM itself, and neither the shell nor the sandbox around it. */
    private static boolean isWorker(ProcessHandle process) {
        var info = process.info();
        return info.command().filter(command -> command.endsWith("/java")).isPresent()
                && Arrays.asList(info.arguments().orElse(new String[0])).contains(WorkerMain.class.getName());
    }
}
