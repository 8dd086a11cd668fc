package fedbiomed.node;

import static fedbiomed.node.TestFederation.SMALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.audit.AuditEvent;
import fedbiomed.protocol.audit.AuditKind;
import fedbiomed.protocol.audit.AuditLine;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.identity.TrustState;
import fedbiomed.protocol.message.AuditHead;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PlanStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real rounds over a real Network leave in the audit log. */
class AuditTrailTest {
    /** Stands in the data, in a note, in a plan's text and in the text of its exception. */
    private static final String CANARY = "Erika-Mustermann";

    @TempDir
    Path folder;

    private AuditLog log() {
        return AuditLog.ofNode(folder.resolve("hospital-a"), Clock.systemUTC());
    }

    private List<AuditEvent> events() {
        var events = new ArrayList<AuditEvent>();
        log().lines().forEach(line -> events.add(line.event()));
        return events;
    }

    private List<AuditKind> kinds() {
        return events().stream().map(AuditEvent::kind).toList();
    }

    private AuditEvent last(AuditKind kind) {
        return events().stream().filter(event -> event.kind() == kind).toList().getLast();
    }

    @Test
    void everyRequestAndDecisionIsInTheLogAndNothingOfThePatients() throws Exception {
        try (var federation = new TestFederation(folder)) {
            var home = folder.resolve("hospital-a");
            var researcher = federation.researcher;
            var throwing = TestPlans.doing("if (System.nanoTime() != 0) throw new IllegalStateException(\"" + CANARY
                    + " \" + dataset.table());");
            try (var node = federation.startTrustingNode("hospital-a", SMALL)) {
                var csv = TestPlans.table(100, 1).replace("P001", CANARY);
                var dataset = federation.share(node, "Sick people", csv);
                researcher.ask(node.party(), new Request.Approval(TestPlans.GOOD, List.of(), CANARY, "n1"));
                var plan = new PlanSource(TestPlans.GOOD).id();
                node.plans().decide(plan, PlanStatus.APPROVED, CANARY);
                var job = researcher.job(node, dataset, TestPlans.GOOD, researcher.publishModel(folder, node.party()));
                var trained = researcher.ask(node.party(), new Request.Train(job), Reply.Train.class);
                researcher.send(node.party(), new Message.Ack(trained.request()));
                Awaitility.await().until(() -> kinds().contains(AuditKind.ANSWER_ACKNOWLEDGED));
                // a message may come twice
                assertThat(kinds().stream().distinct())
                        .containsExactly(
                                AuditKind.NODE_STARTED,
                                AuditKind.POLICY_CHANGED,
                                AuditKind.RESEARCHER_TRUSTED,
                                AuditKind.DATASET_ADDED,
                                AuditKind.PLAN_REQUESTED,
                                AuditKind.QUESTION_ANSWERED,
                                AuditKind.PLAN_APPROVED,
                                AuditKind.REQUEST_TAKEN,
                                AuditKind.PARAMETERS_RELEASED,
                                AuditKind.REQUEST_ANSWERED,
                                AuditKind.ANSWER_ACKNOWLEDGED);
                assertThat(last(AuditKind.PLAN_APPROVED).operator()).isEqualTo(System.getProperty("user.name"));
                assertThat(last(AuditKind.RESEARCHER_TRUSTED).fingerprint())
                        .isEqualTo(researcher.identity.keys().fingerprint().value());
                assertThat(last(AuditKind.PARAMETERS_RELEASED)).satisfies(event -> {
                    assertThat(event.bytesOut()).isEqualTo(trained.update().sizeBytes());
                    assertThat(event.samples()).isEqualTo(trained.samples());
                });
                assertThat(last(AuditKind.REQUEST_ANSWERED)).satisfies(event -> {
                    assertThat(event.request()).isEqualTo(trained.request());
                    assertThat(event.party()).isEqualTo("ana");
                    assertThat(event.run()).isEqualTo(job.runId());
                    assertThat(event.plan()).isEqualTo(plan.value());
                    assertThat(event.dataset()).isEqualTo(dataset.id());
                    assertThat(event.message()).isEqualTo("train");
                });

                federation.approve(node, throwing);
                var failing = researcher.job(node, dataset, throwing, Objects.requireNonNull(job.parameters()));
                var error = researcher.ask(node.party(), new Request.Train(failing), Reply.Error.class);
                assertThat(error.code()).isEqualTo(ErrorCode.PLAN_FAILED);
                assertThat(last(AuditKind.REQUEST_REFUSED).code()).isEqualTo(ErrorCode.PLAN_FAILED.name());

                node.trusted().revoke(researcher.party());
                researcher.ask(node.party(), new Request.ListDatasets("n2"), Reply.Error.class);
                assertThat(last(AuditKind.REQUEST_REFUSED)).satisfies(event -> {
                    assertThat(event.code()).isEqualTo(ErrorCode.UNTRUSTED_SENDER.name());
                    assertThat(event.message()).isEqualTo("list_datasets");
                });
                node.datasets().remove(dataset.id());
                node.plans().delete(node.plans().find(plan).orElseThrow());
            }
            assertThat(kinds())
                    .endsWith(AuditKind.NODE_STOPPED)
                    .containsSubsequence(
                            AuditKind.RESEARCHER_REVOKED,
                            AuditKind.REQUEST_REFUSED,
                            AuditKind.DATASET_REMOVED,
                            AuditKind.PLAN_DELETED,
                            AuditKind.NODE_STOPPED);
            assertThat(log().verify(AuditHead.EMPTY).fault()).isNull();
            assertThat(Files.readString(home.resolve(AuditLog.FILE)))
                    .doesNotContain(CANARY, folder.toString(), "IllegalStateException");

            var heads = new ArrayList<AuditHead>();
            log().lines().forEach((AuditLine line) -> heads.add(new AuditHead(line.sequence(), line.hash())));
            assertThat(researcher.received)
                    .as("each message of the node tells a head that its log had")
                    .isNotEmpty()
                    .allSatisfy(received -> assertThat(heads)
                            .contains(Objects.requireNonNull(
                                    received.envelope().letter().audit())));
        }
    }

    @Test
    void aNodeThatCannotRecordSaysSoAndDoesNothing() throws Exception {
        try (var federation = new TestFederation(folder);
                var node = federation.startTrustingNode("hospital-a", SMALL)) {
            var researcher = federation.researcher;
            var job = federation.permittedJob(node, TestPlans.GOOD);
            var file = folder.resolve("hospital-a").resolve(AuditLog.FILE);
            var whole = Files.readString(file);
            Files.writeString(file, whole.replace("dataset_added", "dataset_removed"));

            var error = researcher.ask(node.party(), new Request.Train(job), Reply.Error.class);
            assertThat(error.code()).isEqualTo(ErrorCode.INTERNAL);
            assertThat(error.text()).contains("fedbiomed node audit verify").doesNotContain(folder.toString());
            assertThat(node.openRequests()).isZero();
            assertThat(node.workers()).isZero();
            assertThat(node.plans().status(job.plan())).isEqualTo(PlanStatus.APPROVED);
            // what makes the node do less takes effect all the same
            node.plans().decide(job.plan(), PlanStatus.REJECTED, "");
            assertThat(node.plans().status(job.plan())).isEqualTo(PlanStatus.REJECTED);
            assertThatThrownBy(() -> node.plans().decide(job.plan(), PlanStatus.APPROVED, ""))
                    .isInstanceOf(FedbiomedException.class);
            assertThat(node.plans().status(job.plan())).isEqualTo(PlanStatus.REJECTED);
            node.trusted().revoke(researcher.party());
            assertThat(node.trusted().state(researcher.party(), researcher.identity.keys()))
                    .isEqualTo(TrustState.REVOKED);
            assertThat(Files.readString(file)).doesNotContain("researcher_revoked");

            Files.writeString(file, whole);
            node.plans().decide(job.plan(), PlanStatus.APPROVED, "");
            node.trusted().trust(researcher.party(), researcher.identity.keys().fingerprint());
            assertThat(kinds()).containsSubsequence(AuditKind.RESEARCHER_REVOKED, AuditKind.RESEARCHER_TRUSTED);
            assertThat(last(AuditKind.RESEARCHER_REVOKED).occurred()).isNotNull();
            assertThat(log().verify(AuditHead.EMPTY).fault()).isNull();
            researcher.ask(node.party(), new Request.Train(job));
            Awaitility.await()
                    .until(() -> researcher.received.stream()
                            .anyMatch(received -> received.message() instanceof Reply.Train));
        }
    }
}
