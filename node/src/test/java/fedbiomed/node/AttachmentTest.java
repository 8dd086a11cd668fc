package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.node.round.SandboxKind;
import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.ParametersRef;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.protocol.message.SealedRef;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Attachment;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan's files, from the researcher to the node: whole and as they were reviewed, or not at all. */
class AttachmentTest {
    @TempDir
    static Path folder;

    private static TestFederation federation;
    private static TestResearcher ana;
    private static Node node;
    private static DatasetDescription dataset;
    private static int number = 1;

    @BeforeAll
    static void start() throws Exception {
        federation = new TestFederation(folder);
        ana = federation.researcher;
        node = federation.startTrustingNode("hospital-a", TestFederation.SMALL);
        dataset = federation.share(node, 100);
    }

    @AfterAll
    static void stop() {
        node.close();
        federation.close();
    }

    /** What is asked of it then is asked once: it must be there. */
    private static void restart(NodeConfig config) throws InterruptedException {
        node.close();
        node = Node.open(folder.resolve("hospital-a"), config, Clock.systemUTC());
        node.start();
        assertThat(node.awaitConnected(TestResearcher.PATIENCE.toMillis())).isTrue();
    }

    /** A plan's text that no other test has. */
    private static String text() {
        return TestPlans.GOOD + "// number " + number++ + "\n";
    }

    private static Path file(String content) throws IOException {
        var place = Files.createDirectories(folder.resolve("files-" + number++));
        return Files.writeString(place.resolve("net.bin"), content);
    }

    /** The plan with an attachment of that content, which is in the store for the node. */
    private static PlanSource sent(String text, String content) throws IOException {
        var file = file(content);
        ana.publish(file, node.party());
        return new PlanSource(text, List.of(Attachment.of(file)));
    }

    private static Request.Approval request(PlanSource plan) {
        return new Request.Approval(plan.text(), plan.attachments(), "please", "nonce " + number++);
    }

    private static PlanStatus asked(PlanSource plan) {
        var state = ana.ask(node.party(), request(plan), Reply.PlanState.class);
        assertThat(state.plan()).isEqualTo(plan.id());
        return state.status();
    }

    private static Reply.Error refused(PlanSource plan, ErrorCode code) {
        var error = ana.ask(node.party(), request(plan), Reply.Error.class);
        assertThat(error.code()).as(error.text()).isEqualTo(code);
        assertThat(node.plans().find(plan.id())).isEmpty();
        plan.attachments()
                .forEach(attachment ->
                        assertThat(node.plans().files().file(attachment)).doesNotExist());
        return error;
    }

    private static Path stored(PlanSource plan) {
        return node.plans().files().file(plan.attachments().getFirst());
    }

    private static Job job(PlanId plan) throws IOException {
        var job = ana.job(node, dataset, TestPlans.GOOD, ana.publishModel(folder, node.party()));
        return new Job(
                job.runId(),
                number++,
                0,
                job.researcher(),
                job.participant(),
                job.fingerprint(),
                plan,
                job.modelArgs(),
                job.trainingArgs(),
                null,
                job.preprocessing(),
                job.parameters());
    }

    private static void trains(PlanSource plan) throws IOException {
        ana.ask(node.party(), new Request.Train(job(plan.id())), Reply.Train.class);
    }

    private static Reply.Error notTrained(PlanSource plan, ErrorCode code) throws IOException {
        var error = ana.ask(node.party(), new Request.Train(job(plan.id())), Reply.Error.class);
        assertThat(error.code()).as(error.text()).isEqualTo(code);
        assertThat(error.text()).doesNotContain(folder.toString());
        return error;
    }

    @Test
    void thePlanIsReviewedWithItsFileAndAnotherFileMakesAnotherPlan() throws IOException {
        var text = text();
        var plan = sent(text, "weights");
        var other = sent(text, "other weights");
        assertThat(asked(plan)).isEqualTo(PlanStatus.PENDING);
        assertThat(stored(plan)).hasContent("weights");
        node.plans().decide(plan.id(), PlanStatus.APPROVED, "");
        assertThat(asked(plan)).isEqualTo(PlanStatus.APPROVED);
        trains(plan);

        assertThat(other.id()).isNotEqualTo(plan.id());
        notTrained(other, ErrorCode.PLAN_UNKNOWN);
        notTrained(new PlanSource(text), ErrorCode.PLAN_UNKNOWN);
        assertThat(asked(other)).isEqualTo(PlanStatus.PENDING);
        notTrained(other, ErrorCode.PLAN_PENDING);
    }

    @Test
    void aFileThatWasChangedAfterTheApprovalStopsThePlanUntilItIsPutBack() throws IOException {
        var plan = sent(text(), "as reviewed");
        asked(plan);
        node.plans().decide(plan.id(), PlanStatus.APPROVED, "");
        Files.writeString(stored(plan), "as changed!");
        assertThat(notTrained(plan, ErrorCode.PLAN_INVALID).text())
                .contains("attachment 'net.bin' has another content than its hash says", "plan add PLAN.java");
        Files.delete(stored(plan));
        assertThat(notTrained(plan, ErrorCode.PLAN_INVALID).text())
                .contains("no longer has the plan's attachment 'net.bin'");

        node.plans().files().add(file("as reviewed"), plan.attachments().getFirst());
        trains(plan);
    }

    @Test
    void whatIsNotInTheStoreOrNotAsItWasAnnouncedIsNotTaken() throws IOException {
        var hash = Sha256.of("nobody has sent this");
        var unsent = new Attachment("net.bin", hash, 20);
        assertThat(refused(new PlanSource(text(), List.of(unsent)), ErrorCode.PARAMETERS_UNAVAILABLE)
                        .text())
                .contains("the plan's attachment 'net.bin' did not come", "has no key to it");
        sent(text(), "another");
        ana.published.add(new SealedRef(
                ParametersRef.to(unsent),
                Sha256.of("nor this"),
                ana.published.getLast().key()));
        assertThat(refused(new PlanSource(text(), List.of(unsent)), ErrorCode.PARAMETERS_UNAVAILABLE)
                        .text())
                .contains("the plan's attachment 'net.bin' did not come", "404");
        for (long size : new long[] {3, 300}) {
            var real = sent(text(), "eight by").attachments().getFirst();
            var lied = new Attachment(real.name(), real.sha256(), size);
            var way = ana.published.getLast();
            ana.published.add(new SealedRef(ParametersRef.to(lied), way.entry(), way.key()));
            assertThat(refused(new PlanSource(text(), List.of(lied)), ErrorCode.PARAMETERS_UNAVAILABLE)
                            .text())
                    .contains("the store has 24 bytes of " + way.entry() + ", and " + (size + 16) + " were announced");
        }
        // another's entry is not given out
        try (var eve = federation.researcher("eve")) {
            var file = file("for eve alone");
            eve.publish(file, eve.party());
            ana.published.addAll(eve.published);
            refused(new PlanSource(text(), List.of(Attachment.of(file))), ErrorCode.PARAMETERS_UNAVAILABLE);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatCameOfAPlanThatWasNotTakenIsRemoved() throws IOException {
        var came = sent(text(), "came").attachments().getFirst();
        var lacking = new Attachment("other.bin", Sha256.of("was never sent"), 14);
        refused(new PlanSource(text(), List.of(came, lacking)), ErrorCode.PARAMETERS_UNAVAILABLE);
        assertThat(node.plans().files().file(came)).doesNotExist();
    }

    @Test
    void aPlanWhoseFileWasLostIsUnknownUntilItIsSentAgainAndThenStandsAsItStood() throws IOException {
        var plan = sent(text(), "to be lost");
        asked(plan);
        node.plans().decide(plan.id(), PlanStatus.APPROVED, "");
        Files.delete(stored(plan));
        assertThat(ana.ask(node.party(), new Request.PlanState(plan.id(), "lost"), Reply.PlanState.class)
                        .status())
                .isEqualTo(PlanStatus.UNKNOWN);
        assertThat(asked(plan)).isEqualTo(PlanStatus.APPROVED);
        assertThat(stored(plan)).hasContent("to be lost");
        trains(plan);
    }

    @Test
    void tooManyBytesAreRefusedBeforeTheyAreFetched() throws IOException {
        long limit = TestFederation.SMALL.largestModel().bytes();
        var huge = new Attachment("net.bin", Sha256.of("huge"), limit + 1);
        assertThat(refused(new PlanSource(text(), List.of(huge)), ErrorCode.POLICY)
                        .text())
                .contains("have " + (limit + 1) + " bytes", "at most " + limit, "largest_model");
        var endless = new Attachment("a", Sha256.of("a"), Long.MAX_VALUE);
        refused(
                new PlanSource(text(), List.of(endless, new Attachment("b", Sha256.of("b"), Long.MAX_VALUE))),
                ErrorCode.POLICY);
        // what waits for a decision counts
        var waits = sent(text(), "small");
        assertThat(asked(waits)).isEqualTo(PlanStatus.PENDING);
        refused(new PlanSource(text(), List.of(new Attachment("net.bin", Sha256.of("most"), limit))), ErrorCode.POLICY);
    }

    @Test
    void namesThatAreNoFileNamesAndTooManyFilesAreRefused() throws IOException {
        var plan = sent(text(), "named");
        var body = new String(MessageCodec.encode(request(plan)), StandardCharsets.UTF_8);
        for (var name : new String[] {"../net.bin", "/etc/passwd", "..", ".", "", "-rf", "a/b", "A.java", "x\\u0000"}) {
            var changed = body.replace("\"net.bin\"", "\"" + name + "\"");
            assertThat(changed).isNotEqualTo(body);
            assertThat(ana.ask(node.party(), changed.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOfSatisfying(
                            Reply.Error.class, error -> assertThat(error.code()).isEqualTo(ErrorCode.BAD_MESSAGE));
        }
        var entry = body.substring(body.indexOf("\"attachments\":[") + 15, body.indexOf("]"));
        var twice = body.replace(entry, entry + "," + entry);
        assertThat(ana.ask(node.party(), twice.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        Reply.Error.class,
                        error -> assertThat(error.text()).contains("two attachments named 'net.bin'; rename one"));
        var many = body.replace(entry, String.join(",", java.util.Collections.nCopies(9, entry)));
        assertThat(ana.ask(node.party(), many.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        Reply.Error.class,
                        error -> assertThat(error.text()).contains("the plan has 9 attachments; at most 8"));
        assertThat(node.plans().find(plan.id())).isEmpty();
    }

    @Test
    void aFileGoesWithItsLastPlanAndWhatBelongsToNoneGoesAtTheNextStart() throws Exception {
        var one = sent(text(), "shared");
        var two = sent(text(), "shared");
        asked(one);
        asked(two);
        node.plans().delete(node.plans().find(one.id()).orElseThrow());
        assertThat(stored(two)).exists();
        node.plans().delete(node.plans().find(two.id()).orElseThrow());
        assertThat(stored(two)).doesNotExist();

        var kept = sent(text(), "kept");
        asked(kept);
        var left = Files.writeString(stored(kept).resolveSibling("0".repeat(64) + ".part"), "half");
        restart(TestFederation.SMALL);
        assertThat(left).doesNotExist();
        assertThat(stored(kept)).hasContent("kept");
    }

    @Test
    void withoutASandboxNoTorchScriptRuns() throws Exception {
        var plan = sent(text().replace("SgdClassifier", "fedbiomed.training.torch.TorchScriptPlan"), "script");
        asked(plan);
        node.plans().decide(plan.id(), PlanStatus.APPROVED, "");
        restart(TestFederation.withSandbox(SandboxKind.JVM_ONLY));
        try {
            assertThat(notTrained(plan, ErrorCode.POLICY).text())
                    .contains("runs no TorchScript", "sandbox: jvm-only", "installs bubblewrap");
        } finally {
            restart(TestFederation.SMALL);
        }
    }
}
