package fedbiomed.node;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.Reply;
import fedbiomed.protocol.message.Request;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.LoaderArgs;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** {@code minimum_samples}: requests that would single out a person. */
class FewRowsTest extends PermittedJob {
    private static Job with(UnaryOperator<TrainingArgs.Builder> args) {
        return with(permitted, args);
    }

    private static Job with(Job job, UnaryOperator<TrainingArgs.Builder> args) {
        return TestResearcher.with(
                job,
                round++,
                job.participant(),
                args.apply(TrainingArgs.builder()).build(),
                job.parameters());
    }

    private static String refused(Request request) {
        var error = researcher.ask(node.party(), request, Reply.Error.class);
        assertThat(error.code()).as(error.text()).isEqualTo(ErrorCode.POLICY);
        assertThat(error.text()).contains("than the 10 rows that node 'hospital-a' asks for (minimum_samples); ");
        return error.text();
    }

    @Test
    void aSingleRowHeldOutIsNeitherTestedNorLeftOutOfSums() {
        // of 100 rows: what 100 sum up to minus what 99 do is one person
        UnaryOperator<TrainingArgs.Builder> one = args -> args.testRatio(0.01).testOnGlobalUpdates(true);
        assertThat(refused(new Request.Evaluate(with(one))))
                .contains("with test_ratio 0.01 the rows that are held out");
        assertThat(refused(new Request.Statistics(with(args -> args.testRatio(0.01)))))
                .contains("raise test_ratio");
        assertThat(refused(new Request.Train(with(one)))).contains("set it to 0 without tests");
        assertThat(refused(new Request.Statistics(with(args -> args.testRatio(0.95)))))
                .contains("that are trained on are fewer", "lower test_ratio");
    }

    @Test
    void aTrainingThatSeesOnePersonIsNotDone() {
        assertThat(refused(new Request.Train(with(args -> args.batchSize(1).numUpdates(1)))))
                .contains("with batch_size 1 and so few updates");
        assertThat(refused(new Request.Train(with(args -> args.batchSize(4).dryRun(true)))))
                .contains("batch_size 4");
        // the same two rows in every epoch
        assertThat(refused(new Request.Train(with(args -> args.loaderArgs(new LoaderArgs(2, false, false))
                        .batchMaxnum(1)
                        .epochs(1000)))))
                .contains("batch_maxnum");
        researcher.ask(
                node.party(), new Request.Train(with(args -> args.batchSize(1).numUpdates(10))), Reply.Train.class);
        researcher.ask(
                node.party(), new Request.Train(with(args -> args.batchSize(10).dryRun(true))), Reply.Train.class);
    }

    @Test
    void aColumnWithOneValueHasNoSum() throws IOException {
        var csv = new StringBuilder("id,a,b,sick\n");
        for (int i = 0; i < 100; i++) {
            csv.append("P%03d,%s,%d,%s%n".formatted(i, i == 42 ? "17.25" : "", i, i % 2 == 0 ? "yes" : "no"));
        }
        var rare = federation.share(node, "Rare", csv.toString());
        var plan = TestPlans.GOOD.replace(".standardise()", ".impute(MEAN).standardise()");
        federation.approve(node, plan);
        var job = researcher.job(node, rare, plan, researcher.publishModel(folder, node.party()));
        var text = refused(new Request.Statistics(job));
        assertThat(text)
                .contains("with a value in column 'a' are fewer", "leave the column out")
                .doesNotContain("17.25");
    }

    /** By number half of the rows would be held out; by the plan's column it is one row, or one patient with many. */
    @Test
    void aColumnToSplitByIsolatesNobody() throws IOException {
        for (int rowsOfOne : new int[] {1, 30}) {
            var csv = new StringBuilder("id,a,b,sick\n");
            for (int i = 0; i < 100; i++) {
                csv.append("%s,%d,%d,%s%n"
                        .formatted(i < rowsOfOne ? "one" : "others", i % 7, i, i % 2 == 0 ? "yes" : "no"));
            }
            var split = federation.share(node, "Split " + rowsOfOne, csv.toString());
            var plan = TestPlans.GOOD.replace(".standardise()", ".standardise().splitBy(\"id\")");
            federation.approve(node, plan);
            var job = researcher.job(node, split, plan, researcher.publishModel(folder, node.party()));
            UnaryOperator<TrainingArgs.Builder> half =
                    args -> args.testRatio(0.5).testOnGlobalUpdates(true);
            for (var request : java.util.List.of(
                    new Request.Statistics(with(job, half)),
                    new Request.Train(with(job, half)),
                    new Request.Evaluate(with(job, half)),
                    new Request.Check(with(job, half)))) {
                assertThat(refused(request))
                        .contains("the values of 'id' (each may be one person)")
                        .doesNotContain("others");
            }
        }
    }

    @Test
    void aPlanThatNeedsNoStatisticsSendsNone() {
        var plan = TestPlans.GOOD.replace(".standardise()", ".standardise(LOCAL)");
        federation.approve(node, plan);
        var dataset = node.datasets().get(permitted.participant().dataset()).description();
        var job = researcher.job(node, dataset, plan, java.util.Objects.requireNonNull(permitted.parameters()));
        var reply = researcher.ask(node.party(), new Request.Statistics(job), Reply.Statistics.class);
        assertThat(reply.statistics().columns()).isEmpty();
    }
}
