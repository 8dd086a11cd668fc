package fedbiomed.researcher.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.Tensor;
import fedbiomed.researcher.TestNode;
import fedbiomed.researcher.TestWorld;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.training.LoadedPlan;
import fedbiomed.training.ModelMetadata;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.PlanStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is settled before the first round: arguments, data, trust and approval. */
class ExperimentStartTest extends TwoHospitals {
    @Test
    void aPlanThatAwaitsItsDataManagerIsSentAndSaidSo() {
        a.planStatus = PlanStatus.UNKNOWN;
        var experiment = builder("pending").approvalPatience(Duration.ZERO).build();
        assertThatThrownBy(experiment::run)
                .hasMessageContaining("1 of 2 participants, 2 are needed")
                .hasMessageContaining("node hospital-a: the plan SickPlan")
                .hasMessageContaining("fedbiomed node plan approve");
        assertThat(a.approvalsAsked).isEqualTo(1);
        a.planStatus = PlanStatus.REJECTED;
        assertThatThrownBy(experiment::run).hasMessageContaining("rejected").hasMessageContaining("looked at it");
        a.planStatus = PlanStatus.APPROVED;
        experiment.run();
        assertThat(experiment.finishedRounds()).isEqualTo(3);
    }

    @Test
    void whoIsWaitedForIsToldOnceAndTheRunGoesOnWithTheApproval() {
        a.planStatus = PlanStatus.PENDING;
        var notices = Collections.synchronizedList(new ArrayList<String>());
        var experiment = builder("waiting")
                .rounds(1)
                .listener(new ExperimentListener() {
                    @Override
                    public void notice(String text) {
                        notices.add(text);
                        if (text.startsWith("waiting up to")) {
                            a.planStatus = PlanStatus.APPROVED;
                        }
                    }
                })
                .build();
        experiment.run();
        assertThat(experiment.finishedRounds()).isEqualTo(1);
        assertThat(notices)
                .filteredOn(notice -> notice.startsWith("node hospital-a: the plan SickPlan"))
                .hasSize(1);
    }

    @Test
    void oneThatHasNotApprovedStopsNobodyElse() {
        a.planStatus = PlanStatus.PENDING;
        a.script = TestNode.Script.ERROR;
        var experiment =
                builder("some").strategy(Strategy.all().quorum(1)).rounds(1).build();
        experiment.run();
        assertThat(experiment.summary(1).accepted()).isEqualTo(1);
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() throws IOException {
        var broken = Files.writeString(folder.resolve("Broken.java"), "public class Broken {\n  int x = ;\n}\n");
        assertThatThrownBy(() -> builder("x")
                        .plan(broken)
                        .rounds(0)
                        .strategy(Strategy.all().quorum(3))
                        .build())
                .hasMessageContaining("3 things are wrong")
                .hasMessageContaining("line 2")
                .hasMessageContaining("rounds must be at least 1, not 0")
                .hasMessageContaining("quorum is 3, but only 2 participants");
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void unknownTagsAreAnsweredWithThoseThatThereAre() {
        assertThatThrownBy(() -> Experiment.builder(researcher)
                        .tags("hart")
                        .plan(world.plan)
                        .build())
                .hasMessageContaining("no dataset has all the tags [hart]; there are the tags sick, test");
    }

    @Test
    void aColumnThatADatasetLacksIsSaidBeforeAnythingRuns() throws IOException {
        var plan = Files.writeString(folder.resolve("P.java"), TestWorld.PLAN.replace("\"b\"", "\"bmi\""));
        assertThatThrownBy(() -> builder("x").plan(plan).build())
                .hasMessageContaining("hospital-a/sick has no column bmi; it has a, b, id, sick");
    }

    /** As of two lists of variants, which are arrays of one shape. */
    @Test
    void aColumnThatStandsForSomethingElseElsewhereIsSaidBeforeAnythingRuns() {
        a.dataset = with(a.dataset, "2 variants, list 11");
        b.dataset = with(b.dataset, "2 variants, list 11");
        assertThat(builder("same").build().participants()).hasSize(2);
        b.dataset = with(b.dataset, "2 variants, list 22");
        assertThatThrownBy(() -> builder("x").build())
                .hasMessageContaining(
                        "'a' does not stand for the same everywhere: hospital-a/sick has '2 variants, list"
                                + " 11', hospital-b/sick has '2 variants, list 22'; agree on one list");
    }

    private static DatasetDescription with(DatasetDescription dataset, String content) {
        var columns = dataset.columns().stream()
                .map(column -> column.name().equals("a")
                        ? new ColumnDescription(
                                column.name(), column.type(), column.missing(), column.dtype(), column.shape(), content)
                        : column)
                .toList();
        return new DatasetDescription(
                dataset.id(),
                dataset.name(),
                dataset.kind(),
                dataset.tags(),
                dataset.description(),
                dataset.shape(),
                columns,
                dataset.fingerprint());
    }

    @Test
    void aColumnOfTextIsAnInputOnceItsCategoriesAreDeclaredAlsoWhenTheRunIsResumed() throws IOException {
        var text = TestWorld.PLAN.replace("\"a\", \"b\"", "\"a\", \"id\"");
        var plan = Files.writeString(folder.resolve("P.java"), text);
        assertThatThrownBy(() -> builder("x").plan(plan).build())
                .hasMessageContaining("has text in the column 'id'", ".oneHot(\"id\", ...)");

        var categories = ".oneHotOrOther(\"id\", \"P000\", \"P001\").splitBy(\"id\").stratify().standardise()";
        Files.writeString(plan, text.replace(".standardise()", categories));
        a.plan(PlanSource.read(plan));
        b.plan(PlanSource.read(plan));
        var experiment = builder("categories").plan(plan).rounds(2).build();
        experiment.runRound();
        var resumed = Experiment.resume(researcher, experiment.folder());
        resumed.run();
        var file = resumed.globalModel().file();
        try (var model = Safetensors.open(file);
                var loaded = LoadedPlan.open(plan)) {
            assertThat(model.parameters().get("coef").shape()).containsExactly(1, 4);
            var metadata = ModelMetadata.of(model.parameters().metadata());
            assertThat(Objects.requireNonNull(metadata.preprocessing()).columns())
                    .containsOnlyKeys("a");
            var table = Files.writeString(folder.resolve("new.csv"), "id,a\nP001,110\nP999,110\n");
            var predicted = loaded.predict(model.parameters(), metadata.modelArgs(), metadata.preprocessing(), table);
            assertThat(predicted.rows()).isEqualTo(2);
        }
    }

    @Test
    void anUntrustedNodesDatasetsAreShownAndTakeNoPart() throws Exception {
        TestWorld.awaitOnline(researcher, world.stranger("stranger", 50));
        var datasets = researcher.datasets("sick");
        assertThat(datasets.offered()).hasSize(3);
        assertThat(datasets.silences()).anyMatch(text -> text.contains("fedbiomed researcher node trust stranger "));
        assertThat(builder("two").build().participants()).containsExactly(a.participant(), b.participant());
    }

    @Test
    void argumentsOfAnOptimizerThatDoNotFitAreRefusedBeforeAnythingIsSent() {
        assertThatThrownBy(() -> builder("optimizer")
                        .trainingArgs(args -> args.optimizerArgs(new Args(Map.of("eta0", -1))))
                        .build())
                .hasMessageContaining("model_args with optimizer_args: eta0 must be above 0, not -1");
        assertThat(a.trainings).hasValue(0);
    }

    @Test
    void whatGivenWeightsLeaveOutIsSaidAndWhatDoesNotFitIsRefusedBeforeAnybodyIsAsked() {
        var part = folder.resolve("part.safetensors");
        Safetensors.write(
                part,
                Parameters.builder()
                        .put("coef", Tensor.ofDoubles(new double[] {3, 4}, 1, 2))
                        .build());
        var notices = new ArrayList<String>();
        var experiment = builder("part")
                .rounds(1)
                .initialModel(part)
                .listener(new ExperimentListener() {
                    @Override
                    public void notice(String text) {
                        notices.add(text);
                    }
                })
                .build();
        experiment.run();
        assertThat(notices)
                .contains("initial_model gives 1 of the model's 2 tensors; the others begin as the plan made them:"
                        + " intercept");
        Safetensors.write(
                part,
                Parameters.builder()
                        .put("coef", Tensor.ofDoubles(new double[3], 1, 3))
                        .build());
        assertThatThrownBy(() -> builder("unfit").initialModel(part).build())
                .hasMessageContaining("the initial weights' tensor 'coef' is")
                .hasMessageContaining("leave it out of the file");
        assertThatThrownBy(() -> builder("missing")
                        .initialModel(folder.resolve("none.safetensors"))
                        .build())
                .hasMessageContaining("none.safetensors");
    }
}
