package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.node.state.NodeDatabase;
import fedbiomed.protocol.Correspondence;
import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.Message;
import fedbiomed.protocol.message.MessageCodec;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a trusted researcher, or one beside it, may try: each is answered with a reason, and the node goes on. */
class HostileRequestTest extends PermittedJob {
    private static DatasetDescription dataset;

    @BeforeAll
    static void describe() {
        dataset = node.datasets().list().getFirst().description();
    }

    @AfterEach
    void theNodeServesTheNextRequest() {
        researcher.ask(node.party(), new Request.Train(TestResearcher.round(permitted, round++)), Reply.Train.class);
    }

    private static Reply.Error refused(Request request, ErrorCode code) {
        var error = researcher.ask(node.party(), request, Reply.Error.class);
        assertThat(error.code()).as(error.text()).isEqualTo(code);
        assertThat(error.text().chars().filter(Character::isISOControl)).isEmpty();
        return error;
    }

    private static Job on(Participant participant) {
        return TestResearcher.with(permitted, round++, participant, permitted.trainingArgs(), permitted.parameters());
    }

    @Test
    void aDatasetThatTheNodeDoesNotShareIsAnsweredWithThoseThatItShares() throws IOException {
        // too few to be told of
        var rare = federation.share(node, "Rare illness", TestPlans.table(3, 1));
        for (var id : new String[] {
            "sick-people-of-hospital-b",
            "../../etc/passwd",
            "",
            "sick\u001b[2J\n\u202e",
            "' OR 1=1 --",
            "x".repeat(10_000)
        }) {
            var error = refused(new Request.Train(on(new Participant(node.party(), id))), ErrorCode.DATASET_UNKNOWN);
            assertThat(error.text())
                    .contains("there is no dataset '", "it shares " + dataset.id())
                    .doesNotContain(rare.id())
                    .hasSizeLessThan(400);
        }
        node.datasets().remove(rare.id());
    }

    @Test
    void nobodyAsksCancelsOrAcknowledgesInAnothersName() throws Exception {
        try (var eve = federation.researcher("eve")) {
            node.trusted().trust(eve.party(), eve.identity.keys().fingerprint());
            var request = new Request.Train(TestResearcher.round(permitted, round++));
            assertThat(eve.ask(node.party(), request, Reply.Error.class))
                    .satisfies(error -> assertThat(error.code()).isEqualTo(ErrorCode.BAD_MESSAGE))
                    .satisfies(error ->
                            assertThat(error.text()).contains("in the name of researcher 'ana' but came from 'eve'"));

            var answered = researcher.ask(node.party(), request, Reply.Train.class);
            int unacknowledged = node.unacknowledged();
            eve.send(node.party(), new Message.Cancel(answered.request()));
            eve.send(node.party(), new Message.Ack(answered.request()));
            eve.ask(node.party(), new Request.ListDatasets("after the others"), Reply.Datasets.class);
            assertThat(node.unacknowledged()).isEqualTo(unacknowledged);
            assertThat(researcher.ask(node.party(), request, Reply.Train.class))
                    .satisfies(
                            again -> assertThat(MessageCodec.encode(again)).isEqualTo(MessageCodec.encode(answered)));
        }
    }

    @Test
    void aQuestionThatIsAskedAgainIsAnsweredAndAReplayedMessageIsNot() throws Exception {
        var request = new Request.Train(TestResearcher.round(permitted, round++));
        var answered = researcher.ask(node.party(), request, Reply.Train.class);
        try (var eve = federation.researcher("eve-2");
                var line = new RawLine(eve.transport, eve.address)) {
            var envelope =
                    RawLine.envelope(researcher.identity, node.federation().identity(), MessageCodec.encode(request));
            int before = researcher.repliesTo(answered.request()).size();
            // the same question in a message of its own: it is answered again, to its sender, and not trained again
            line.publish(node.party(), envelope);
            Awaitility.await()
                    .atMost(TestResearcher.PATIENCE)
                    .until(() -> researcher.repliesTo(answered.request()).size() == before + 1);
            line.publish(node.party(), envelope);
            line.publish(node.party(), envelope);
            // they are through when this one is
            line.publish(
                    node.party(),
                    RawLine.envelope(
                            researcher.identity,
                            node.federation().identity(),
                            MessageCodec.encode(new Request.ListDatasets("after the replays"))));
            Awaitility.await()
                    .atMost(TestResearcher.PATIENCE)
                    .until(() -> !researcher
                            .repliesTo(Correspondence.idOf(new Request.ListDatasets("after the replays")))
                            .isEmpty());
            assertThat(researcher.repliesTo(answered.request())).hasSize(before + 1);
            assertThat(researcher.repliesTo(answered.request()))
                    .allSatisfy(
                            reply -> assertThat(MessageCodec.encode(reply)).isEqualTo(MessageCodec.encode(answered)));
            assertThat(eve.received).isEmpty();
        }
        // another content under the same header
        try (var line = new RawLine(researcher.transport, researcher.address)) {
            var changed =
                    RawLine.envelope(researcher.identity, node.federation().identity(), MessageCodec.encode(request));
            changed[changed.length - 80] ^= 1;
            line.publish(node.party(), changed);
            Awaitility.await()
                    .atMost(TestResearcher.PATIENCE)
                    .until(() -> !researcher.errorsOf(ErrorCode.BAD_MESSAGE).isEmpty());
            assertThat(researcher.errorsOf(ErrorCode.BAD_MESSAGE).getFirst().text())
                    .contains("its signature does not verify");
        }
    }

    @Test
    void namesThatAreNoNamesAreNoMessage() {
        var body = new String(
                MessageCodec.encode(new Request.Train(TestResearcher.round(permitted, round++))),
                StandardCharsets.UTF_8);
        for (var trick : new String[] {"../run", "run\\u001b[2J", "RUN", ""}) {
            var changed = body.replace("\"run-1\"", "\"" + trick + "\"");
            assertThat(changed).isNotEqualTo(body);
            assertThat(researcher.ask(node.party(), changed.getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOfSatisfying(Reply.Error.class, error -> {
                        assertThat(error.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
                        assertThat(error.text()).doesNotContain("\u001b").hasSizeLessThan(300);
                    });
        }
    }

    private static Job withArgs(Args modelArgs) {
        return new Job(
                permitted.runId(),
                round++,
                0,
                permitted.researcher(),
                permitted.participant(),
                permitted.fingerprint(),
                permitted.plan(),
                modelArgs,
                permitted.trainingArgs(),
                null,
                permitted.preprocessing(),
                permitted.parameters());
    }

    @Test
    void giganticOrForeignArgumentsAreNamed() {
        assertThat(refused(
                                new Request.Train(withArgs(new Args(Map.of("eta0", 0.5, "w", "x".repeat(1 << 20))))),
                                ErrorCode.BAD_MESSAGE)
                        .text())
                .contains("model_args fill 1048595 bytes", "at most 65536");
        assertThat(refused(new Request.Train(withArgs(new Args(Map.of("eta0", "\u001b[2J")))), ErrorCode.PLAN_INVALID)
                        .text())
                .contains("argument 'eta0' must be a number, not ?[2J");
        assertThat(refused(
                                new Request.Train(withArgs(new Args(Map.of("eta\u001b", Double.MAX_VALUE)))),
                                ErrorCode.PLAN_INVALID)
                        .text())
                .contains("there is no argument 'eta?'");
    }

    @Test
    void statisticsThatCanBeOfNoTableAreNotComputedWith() {
        var moments = new TreeMap<String, ColumnMoments>();
        moments.put("a", new ColumnMoments(100, 0, Double.NaN, 1));
        moments.put("b", new ColumnMoments(-1, 0, 1, 1));
        var job = new Job(
                permitted.runId(),
                round++,
                0,
                permitted.researcher(),
                permitted.participant(),
                permitted.fingerprint(),
                permitted.plan(),
                permitted.modelArgs(),
                permitted.trainingArgs(),
                null,
                new PreprocessingStatistics(moments, new TreeMap<>(), 1),
                permitted.parameters());
        assertThat(refused(new Request.Train(job), ErrorCode.BAD_MESSAGE).text())
                .contains("the statistics that came with the request can be of no table");
    }

    @Test
    void aPlanThatHidesWhatItDoesIsNotEvenShownForReview() {
        int known = node.plans().list().size();
        var hidden = TestPlans.doing("// reads two columns \\u000a System.exit(1);");
        assertThat(refused(new Request.Approval(hidden, List.of(), "", "n1"), ErrorCode.PLAN_INVALID)
                        .text())
                .contains("line 7 of the plan has a Unicode escape");
        assertThat(refused(new Request.Approval("class A {}", List.of(), "", "n2"), ErrorCode.PLAN_INVALID)
                        .text())
                .contains("no public class");
        assertThat(refused(
                                new Request.Approval(TestPlans.GOOD + "//", List.of(), "x".repeat(2001), "n3"),
                                ErrorCode.BAD_MESSAGE)
                        .text())
                .contains("2001 characters; at most 2000");
        assertThat(node.plans().list()).hasSize(known);
    }

    @Test
    void aPlanWhoseTextWasChangedBehindTheApprovalDoesNotRun() throws Exception {
        var plan = TestPlans.GOOD + "// approved\n";
        federation.approve(node, plan);
        var id = new PlanSource(plan).id();
        try (var database = NodeDatabase.open(folder.resolve("hospital-a"))) {
            database.change(handle -> handle.execute(
                    "UPDATE plan SET text = replace(text, '// approved', '// another') WHERE id = ?", id.value()));
        }
        var job = researcher.job(node, dataset, plan, researcher.publishModel(folder, node.party()));
        assertThat(refused(new Request.Train(job), ErrorCode.PLAN_INVALID).text())
                .contains("holds another text, or other attachments, of the plan SickPlan");
    }

    @Test
    void whatIsTooLongToBeSentIsSaidInsteadOfFallingSilent() throws IOException {
        var header = new StringBuilder("c0");
        for (int i = 1; i < 30_000; i++) {
            header.append(",c").append(i).append("x".repeat(120));
        }
        var wide = federation.share(node, "Wide", header + "\n" + ("1" + ",2".repeat(29_999) + "\n").repeat(10));
        try {
            assertThat(refused(new Request.Search(new TreeSet<>(), "n"), ErrorCode.POLICY)
                            .text())
                    .contains("the columns of the 2 datasets that match fill", "ask for fewer datasets by more tags");
        } finally {
            node.datasets().remove(wide.id());
        }
    }

    @Test
    void anAnswerForAResearcherIsNoQuestionForANode() throws Exception {
        researcher.send(
                node.party(),
                new Reply.PlanState("0".repeat(64), permitted.plan(), fedbiomed.vocabulary.PlanStatus.APPROVED, ""));
        researcher.send(node.party(), new Message.Ack("no id at all\u001b[2J"));
        researcher.send(node.party(), new Message.Cancel("' OR 1=1 --"));
        assertThat(node.party()).isEqualTo(PartyId.of("hospital-a"));
    }
}
