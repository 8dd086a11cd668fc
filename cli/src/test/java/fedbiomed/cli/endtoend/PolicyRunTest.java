package fedbiomed.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a researcher sees of the policy of a node, and its data manager of what was used. */
class PolicyRunTest {
    private static final String PLAN = """
            import fedbiomed.training.linear.*;

            public class SickPlan extends SgdClassifier {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").standardise().target("sick").classes("no", "yes");
                }
            }
            """;
    private static final String TESTED =
            "training_args: {epochs: 1, test_ratio: 0.25, test_on_global_updates: true, test_on_local_updates: true}";

    @TempDir
    static Path folder;

    private static Federation federation;

    @BeforeAll
    static void start() throws Exception {
        federation = new Federation(folder, Federation.NODE);
        federation.share("People", Federation.table(120), "sick");
        federation.share("Others", Federation.table(80), "sick");
        federation.trustEachOther();
    }

    @AfterAll
    static void stop() {
        federation.close();
    }

    @AfterEach
    void theUsualPolicyAgain() throws IOException {
        policy("minimum_samples: 10\n");
    }

    private static void policy(String text) throws IOException {
        Files.writeString(federation.nodeHome().resolve("policy.yaml"), text);
    }

    private static Typed policyCommand(Object... arguments) {
        var all = new java.util.ArrayList<Object>(java.util.List.of("node", "policy"));
        all.addAll(java.util.List.of(arguments));
        all.add("--home");
        all.add(federation.nodeHome());
        return Typed.of(all.toArray());
    }

    @Test
    void aRunWithoutMetricsEndsWithAModelAndSaysWhyThereAreNone() throws Exception {
        policy("metrics_leave: false\n");
        var ran = federation.run(PLAN, TESTED, "rounds: 2");
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out())
                .contains("2 of 2 answered, metrics of 2 not given by the node's policy")
                .contains("Note: the final model is not tested: no participant's node gives metrics")
                .contains("The metrics of hospital-a/", " are not given, by the node's policy (metrics_leave).")
                .doesNotContain("training loss");
        assertThat(federation.lastRun().resolve("rounds/0002/global.safetensors"))
                .isNotEmptyFile();
        assertThat(Files.readString(federation.lastRun().resolve("report.html")))
                .contains("The global model was not tested: metrics are not given.")
                .contains("are not given, by the node&#39;s policy (metrics_leave).");
    }

    @Test
    void twoDatasetsOfANodeAreTwoParticipantsUnlessOneIsPicked() throws Exception {
        var both = federation.run(PLAN);
        assertThat(both.exit()).as(both.err()).isZero();
        assertThat(both.out()).contains("Round 1 of 1: 2 of 2 answered");
        var picked = federation.node().datasets().list().getLast();
        var one = federation.run(PLAN, "datasets: [hospital-a/" + picked.id() + "]");
        assertThat(one.exit()).as(one.err()).isZero();
        assertThat(one.out()).contains("Round 1 of 1: 1 of 1 answered");
    }

    @Test
    void whereOneDatasetGivesNoMetricsTheModelIsTestedOnTheOther() throws Exception {
        policy("datasets: {Others: {metrics_leave: false}}\n");
        var ran = federation.run(PLAN, TESTED);
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out())
                .contains("training loss", "The global model on held-out rows:")
                .containsPattern("(?m)^The metrics of hospital-a/others\\S* are not given, by the node's policy");
        var json = Json.MAPPER.readTree(ran.out().substring(ran.out().indexOf("\n{") + 1));
        assertThat(json.path("test_on_global_updates").path("accuracy").asDouble(-1))
                .isBetween(0.0, 1.0);
    }

    @Test
    void aRefusalTellsTheResearcherTheRule() throws Exception {
        policy("statistics_leave: false\n");
        var ran = federation.run(PLAN);
        assertThat(ran.exit()).isNotZero();
        assertThat(ran.out() + ran.err())
                .contains("(rule: statistics_leave: false)", "standardise(LOCAL)", "hospital-a");
        var local = federation.run(PLAN.replace("standardise()", "standardise(LOCAL)"));
        assertThat(local.exit()).as(local.err()).isZero();

        policy("researchers: [someone-else]\n");
        var search = Typed.of("datasets", "--home", federation.researcherHome());
        assertThat(search.out() + search.err()).contains("(rule: researchers)").doesNotContain("People");

        policy("datasets: {Others: {researchers: []}}\n");
        var found = Typed.of("datasets", "--home", federation.researcherHome());
        assertThat(found.out()).contains("People").doesNotContain("Others");
    }

    @Test
    void theDataManagerSeesWhatItMeansAndWhatWasUsed() throws Exception {
        policy("rounds_a_day: 500\nhours_a_day: 90m\nquiet_hours: []\ndatasets: {Peeple: {researchers: [rita]}}\n");
        assertThat(federation.run(PLAN).exit()).isZero();
        var shown = policyCommand("show");
        assertThat(shown.exit()).as(shown.err()).isZero();
        assertThat(shown.out())
                .contains("A researcher may have at most 500 trainings and tests in a day.")
                .contains("It works at most 1 h 30 min in a day for one researcher")
                .contains("Dataset 'Peeple': for rita alone.")
                .contains("ATTENTION: the policy has rules for a dataset 'Peeple', and this node shares none")
                .contains("RESEARCHER", "rita")
                .containsPattern("rita in all: [1-9][0-9]* of 500 trainings and tests, .* of 1 h 30 min");
        var used = Json.MAPPER.readTree(policyCommand("show", "--json").out()).path("used_today");
        assertThat(used).hasSize(2);
        assertThat(used.path(0).path("rounds").asInt()).isPositive();
        assertThat(policyCommand("check").exit()).isEqualTo(1);

        var copy = Files.writeString(folder.resolve("copy.yaml"), "quiet_hours: [\"mon-fri 07:00-19:00\"]\n");
        var checked = policyCommand("check", copy);
        assertThat(checked.exit()).as(checked.err()).isZero();
        assertThat(checked.out())
                .contains("It does no work during mon-fri 07:00-19:00; what runs when they begin is stopped.");
        Files.writeString(copy, "researchers: all\nquiet_hour: []\n");
        assertThat(policyCommand("check", copy).err())
                .contains("line 2: unknown key 'quiet_hour'; the nearest known key is 'quiet_hours'");
        assertThat(policyCommand("check", folder.resolve("none.yaml")).err()).contains("there is no such file");
    }

    @Test
    void aBrokenPolicyIsToldByStatusAndDoctor() throws Exception {
        assertThat(Typed.of("node", "status", "--home", federation.nodeHome()).out())
                .contains("in force");
        policy("metrics_leave: sometimes\n");
        assertThat(Typed.of("node", "status", "--home", federation.nodeHome()).out())
                .contains("cannot be read", "ATTENTION: ", "line 1: 'metrics_leave' must be true or false");
        var doctor = Typed.of("doctor", "--home", federation.nodeHome());
        assertThat(doctor.exit()).isEqualTo(1);
        assertThat(doctor.out()).contains("policy.yaml, line 1: 'metrics_leave' must be", "serves no request");
        assertThat(Typed.of("datasets", "--home", federation.researcherHome()).out())
                .contains("(rule: policy_file)");
        policy("unapproved_plans_from: [rita]\n");
        assertThat(Typed.of("node", "status", "--home", federation.nodeHome()).out())
                .contains("ATTENTION: training plans of rita run before you have read them");
    }
}
