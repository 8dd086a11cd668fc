package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import fedbiomed.node.policy.PolicyFile;
import fedbiomed.node.round.SandboxKind;
import fedbiomed.protocol.audit.AuditLog;
import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.PlanStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real node whose data manager changes {@code policy.yaml} while it runs. */
@Timeout(600)
class PolicyRoundTest extends PermittedJob {
    private static final String LOOP = TestPlans.doing("while (System.nanoTime() != 0) {}");

    private static Path file() {
        return folder.resolve("hospital-a").resolve(PolicyFile.FILE);
    }

    private static void policy(String text) throws IOException {
        Files.writeString(file(), text);
    }

    @AfterEach
    void theUsualPolicyAgain() throws IOException {
        policy("minimum_samples: 10\n");
    }

    private static Job next() {
        return TestResearcher.round(permitted, round++);
    }

    private static void refused(Request request, String rule, String... said) throws IOException {
        var error = researcher.ask(node.party(), request, Reply.Error.class);
        assertThat(error.code()).as(error.text()).isEqualTo(ErrorCode.POLICY);
        assertThat(error.rule()).as(error.text()).isEqualTo(rule);
        assertThat(error.text()).contains("hospital-a", "rule: " + rule);
        assertThat(List.of(said)).allSatisfy(part -> assertThat(error.text()).contains(part));
        assertThat(audited("request_refused")).last().asString().contains("\"rule\":\"" + rule + "\"");
    }

    private static List<String> audited(String kind) throws IOException {
        return Files.readAllLines(folder.resolve("hospital-a").resolve(AuditLog.FILE)).stream()
                .filter(line -> line.contains("\"kind\":\"" + kind + "\""))
                .toList();
    }

    private static List<String> found() {
        return researcher
                .ask(node.party(), new Request.Search(new TreeSet<>(), "" + round++), Reply.Datasets.class)
                .datasets()
                .stream()
                .map(dataset -> dataset.name())
                .toList();
    }

    @Test
    void aDatasetForOthersIsNeitherFoundNorWorkedOn() throws IOException {
        assertThat(found()).contains("Sick people");
        var answered = new Request.Train(next());
        researcher.ask(node.party(), answered, Reply.Train.class);
        policy("datasets: {Sick people: {researchers: [ben]}}\n");
        // nor is the answer that is kept sent once more
        refused(answered, "datasets");
        assertThat(found()).doesNotContain("Sick people");
        refused(new Request.Train(next()), "datasets", "does not share dataset", "'ana'");
        policy("researchers: [ben]\n");
        refused(new Request.ListDatasets("policy"), "researchers", "ask its data manager");
        refused(new Request.Check(TestResearcher.withoutModel(permitted)), "researchers");
        assertThat(audited("policy_changed")).last().asString().contains("\"policy\":\"");
    }

    @Test
    void withoutMetricsTheModelIsTrainedAndNotMeasured() throws IOException {
        policy("metrics_leave: false\n");
        researcher.scalars.clear();
        var job = next();
        var reply = researcher.ask(node.party(), new Request.Train(job), Reply.Train.class);
        assertThat(reply.metricsWithheld()).isTrue();
        assertThat(reply.loss()).isNull();
        assertThat(reply.globalTest()).isNull();
        assertThat(reply.localTest()).isNull();
        assertThat(reply.samples()).isEqualTo(75);
        assertThat(researcher.scalars).isEmpty();
        refused(new Request.Evaluate(next()), "metrics_leave", "metrics_leave: false");

        policy("metrics_leave: true\n");
        var open = researcher.ask(node.party(), new Request.Train(next()), Reply.Train.class);
        assertThat(open.metricsWithheld()).isFalse();
        assertThat(open.globalTest()).isNotNull();
    }

    @Test
    void withoutStatisticsTheResearcherIsToldHowToDoWithout() throws IOException {
        policy("statistics_leave: false\n");
        refused(new Request.Statistics(next()), "statistics_leave", "standardise(LOCAL)");
    }

    @Test
    void aBrokenPolicyAllowsNothing() throws IOException {
        policy("metric_leave: true\n");
        refused(new Request.Train(next()), "policy_file", "fedbiomed node policy check");
        refused(new Request.ListDatasets("broken"), "policy_file");
        policy("metrics_leave: true\n");
        researcher.ask(node.party(), new Request.Train(next()), Reply.Train.class);
    }

    @Test
    void theRoundsOfADayAreCountedAndARepeatedRequestIsNone() throws IOException {
        var answered = new Request.Train(next());
        researcher.ask(node.party(), answered, Reply.Train.class);
        policy("rounds_a_day: 1\n");
        refused(new Request.Train(next()), "rounds_a_day", "allows 1 in a day", "ask again after");
        researcher.ask(node.party(), answered, Reply.Train.class);
        policy("rounds_a_day: unlimited\n");
        researcher.ask(node.party(), new Request.Train(next()), Reply.Train.class);
    }

    @Test
    void whatRunsWhenTheHoursOfADayAreSpentIsStopped() throws IOException {
        policy("datasets: {Slow: {hours_a_day: 5s}}\n");
        federation.approve(node, LOOP);
        var slow = federation.share(node, "Slow", TestPlans.table(100, 3));
        var job = researcher.job(node, slow, LOOP, Objects.requireNonNull(permitted.parameters()));
        refused(new Request.Train(job), "hours_a_day", "has worked 5s on dataset " + slow.id());
        Awaitility.await().until(() -> node.openRequests() == 0);
        // and for the rest of the day nothing is begun
        refused(new Request.Train(TestResearcher.round(job, round++)), "hours_a_day", "ask again after");
    }

    @Test
    void whatRunsWhenQuietHoursBeginIsStoppedAndItsWarmWorkersEnd() throws IOException {
        researcher.ask(node.party(), new Request.Train(next()), Reply.Train.class);
        assertThat(node.workers()).isPositive();
        federation.approve(node, LOOP);
        var dataset = node.datasets().get(permitted.participant().dataset()).description();
        var job = researcher.job(node, dataset, LOOP, Objects.requireNonNull(permitted.parameters()));
        var running = researcher.send(node.party(), new Request.Train(TestResearcher.round(job, round++)));
        Awaitility.await().until(() -> node.workers() >= 2);
        policy("quiet_hours: [\"00:00-24:00\"]\n");
        Awaitility.await().until(() -> !researcher.repliesTo(running).isEmpty());
        assertThat(researcher.repliesTo(running))
                .singleElement()
                .isInstanceOfSatisfying(
                        Reply.Error.class, error -> assertThat(error.rule()).isEqualTo("quiet_hours"));
        Awaitility.await().until(() -> node.workers() == 0);
        refused(new Request.Train(next()), "quiet_hours", "00:00-24:00", "ask again after");
        // a question is no work
        assertThat(found()).contains("Sick people");
    }

    @Test
    void aPlanThatNobodyReadRunsOnlyWhereThePolicySaysSoAndIsRecorded() throws IOException {
        assumeThat(Sandboxes.HERE).isEqualTo(SandboxKind.BUBBLEWRAP);
        var text = TestPlans.GOOD.replace("SickPlan", "UnreadPlan");
        var plan = new PlanSource(text);
        var dataset = node.datasets().get(permitted.participant().dataset()).description();
        var job = researcher.job(node, dataset, text, Objects.requireNonNull(permitted.parameters()));
        researcher.ask(node.party(), new Request.Approval(text, List.of(), "please", "1"), Reply.PlanState.class);
        assertThat(researcher
                        .ask(node.party(), new Request.Train(job), Reply.Error.class)
                        .code())
                .isEqualTo(ErrorCode.PLAN_PENDING);
        policy("unapproved_plans_from: [ana]\n");
        var state = researcher.ask(node.party(), new Request.PlanState(plan.id(), "2"), Reply.PlanState.class);
        assertThat(state.status()).isEqualTo(PlanStatus.APPROVED);
        researcher.ask(node.party(), new Request.Train(job), Reply.Train.class);
        assertThat(audited("plan_run_unapproved"))
                .singleElement()
                .asString()
                .contains(plan.id().value());
        var other = text.replace("UnreadPlan", "OtherPlan");
        assertThat(researcher
                        .ask(node.party(), new Request.Approval(other, List.of(), "please", "3"), Reply.PlanState.class)
                        .status())
                .isEqualTo(PlanStatus.APPROVED);
        node.plans().decide(plan.id(), PlanStatus.REJECTED, "no");
        assertThat(researcher
                        .ask(node.party(), new Request.Train(TestResearcher.round(job, round++)), Reply.Error.class)
                        .code())
                .isEqualTo(ErrorCode.PLAN_REJECTED);
    }
}
