package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.node.round.Bubblewrap;
import fedbiomed.node.round.SandboxKind;
import fedbiomed.node.round.StarterWarnings;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.vocabulary.ErrorCode;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes on machines without bubblewrap: what they say, what they refuse, and what their data managers may choose. */
class NoSandboxTest {
    /** Looked at before the program is hidden. */
    private static final SandboxKind HERE = Sandboxes.HERE;

    @TempDir
    Path folder;

    private StarterWarnings warnings;
    private TestFederation federation;

    @BeforeEach
    void start() throws InterruptedException {
        warnings = new StarterWarnings();
        System.setProperty(
                Bubblewrap.PROGRAM_PROPERTY, folder.resolve("not-installed").toString());
        federation = new TestFederation(folder);
    }

    @AfterEach
    void stop() {
        federation.close();
        System.clearProperty(Bubblewrap.PROGRAM_PROPERTY);
        warnings.close();
    }

    private void awaitWarning(String... contents) {
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(warnings.texts()).singleElement().asString().contains(contents));
    }

    @Test
    void withoutBubblewrapNoPlanRunsAndTheResearcherIsToldWhy() throws Exception {
        try (var node =
                federation.startTrustingNode("hospital-a", TestFederation.withSandbox(SandboxKind.BUBBLEWRAP))) {
            awaitWarning("SANDBOX: none, so no plan is run", "apt-get install bubblewrap");
            var job = federation.permittedJob(node, TestPlans.GOOD);
            var refusal = federation.researcher.ask(node.party(), new Request.Train(job), Reply.Error.class);
            assertThat(refusal.code()).isEqualTo(ErrorCode.POLICY);
            assertThat(refusal.text())
                    .contains(
                            "this node runs no plan, since it has no sandbox",
                            "bubblewrap (bwrap) is not installed",
                            "apt-get install bubblewrap",
                            "sandbox: jvm-only")
                    .doesNotContain(folder.toString())
                    .hasLineCount(1);
            assertThat(node.workers()).isZero();
            if (HERE == SandboxKind.BUBBLEWRAP) {
                // its installation needs no restart
                System.clearProperty(Bubblewrap.PROGRAM_PROPERTY);
                var again = TestResearcher.round(job, 2);
                federation.researcher.ask(node.party(), new Request.Train(again), Reply.Train.class);
            }
        }
    }

    @Test
    void jvmOnlyRunsPlansAndSaysLoudlyWhatThatMeans() throws Exception {
        try (var node = federation.startTrustingNode("hospital-a", TestFederation.withSandbox(SandboxKind.JVM_ONLY))) {
            awaitWarning("SANDBOX: jvm-only", "this node's rights to files and network", "Install bubblewrap");
            var job = federation.permittedJob(node, TestPlans.GOOD);
            federation.researcher.ask(node.party(), new Request.Train(job), Reply.Train.class);
            // the walls that need no bubblewrap stand
            var plan = TestPlans.doing("System.exit(3);");
            federation.approve(node, plan);
            var dataset = node.datasets().list().getFirst().description();
            var model = federation.researcher.publishModel(folder, node.party());
            var hostile = federation.researcher.job(node, dataset, plan, model);
            assertThat(federation
                            .researcher
                            .ask(node.party(), new Request.Train(hostile), Reply.Error.class)
                            .text())
                    .contains("java.lang.System.exit");
            // what only namespaces can hold is not let in
            var script = "import fedbiomed.training.torch.*; public class Net extends TorchScriptPlan { }";
            federation.approve(node, script);
            assertThat(federation
                            .researcher
                            .ask(
                                    node.party(),
                                    new Request.Train(federation.researcher.job(node, dataset, script, model)),
                                    Reply.Error.class)
                            .text())
                    .contains("runs no TorchScript", "sandbox: jvm-only", "installs bubblewrap");
        }
    }
}
