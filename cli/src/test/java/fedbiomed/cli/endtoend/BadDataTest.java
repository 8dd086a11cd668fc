package fedbiomed.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data and plan that do not fit each other, tags that nobody has, parties that do not trust each other. */
class BadDataTest {
    private static final String PLAN = """
            import fedbiomed.training.linear.*;

            public class SickPlan extends SgdClassifier {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").standardise().target("sick").classes("no", "yes");
                }
            }
            """;

    @TempDir
    static Path folder;

    private static Federation federation;

    @BeforeAll
    static void start() throws Exception {
        federation = new Federation(folder, Federation.NODE);
        federation.share("People", Federation.table(120), "sick");
        theyDoNotTrustEachOtherYet();
        federation.trustEachOther();
    }

    @AfterAll
    static void stop() {
        federation.close();
    }

    /** Before anybody else has compared fingerprints: hence not a test of its own. */
    private static void theyDoNotTrustEachOtherYet() {
        var nodeTrusts = "fedbiomed node researcher trust rita " + federation.researcherFingerprint();
        said(
                BadDataTest::datasets,
                "node hospital-a refused: node 'hospital-a' does not trust researcher 'rita' yet",
                nodeTrusts);
        said(() -> federation.run(PLAN), "does not trust researcher 'rita' yet", nodeTrusts);

        var trusted = Typed.of(
                "node",
                "researcher",
                "trust",
                "rita",
                federation.researcherFingerprint(),
                "--home",
                federation.nodeHome());
        assertThat(trusted.exit()).as(trusted.err()).isZero();
        var researcherTrusts = "fedbiomed researcher node trust hospital-a " + federation.nodeFingerprint();
        said(BadDataTest::datasets, "People", "node hospital-a is not trusted here: ", researcherTrusts);
        said(() -> federation.run(PLAN), "no node that you asked for", researcherTrusts);
        assertThat(federation.node().workers()).isZero();
    }

    private static Typed datasets() {
        return Typed.of("datasets", "--home", federation.researcherHome());
    }

    /** Nobody waits long for a node that is not trusted: on a loaded machine it is heard of at the next question. */
    private static void said(Callable<Typed> question, String... texts) {
        Awaitility.await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
            var answer = question.call();
            assertThat(answer.out() + answer.err()).contains(texts);
        });
    }

    @Test
    void aResearcherWhoseTrustWasWithdrawnIsToldSo() throws Exception {
        Typed.of("node", "researcher", "revoke", "rita", "--home", federation.nodeHome());
        try {
            assertThat(federation.run(PLAN))
                    .satisfies(ran -> assertThat(ran.exit()).isEqualTo(1))
                    .satisfies(ran -> assertThat(ran.err()).contains("has withdrawn its trust in researcher 'rita'"));
        } finally {
            federation.trustEachOther();
        }
    }

    @Test
    void unknownTagsAreAnsweredWithThoseThatThereAre() throws Exception {
        var asked = Typed.of("datasets", "--tags", "hart", "--home", federation.researcherHome());
        assertThat(asked.out())
                .contains("No dataset is offered", "no dataset has all the tags [hart]; there are the tags");
        assertThat(federation.runUnapproved(PLAN, "hart"))
                .satisfies(ran -> assertThat(ran.exit()).isEqualTo(1))
                .satisfies(ran -> assertThat(ran.err())
                        .contains("no dataset has all the tags [hart]; there are the tags", "sick"));
        assertThat(federation.lastRun()).doesNotExist();
    }

    @Test
    void aClassThatThePlanDoesNotNameIsToldByCountAndTheDataManagerSeesAnExample() throws Exception {
        federation.share("Unsure", Federation.table(60).replaceFirst("yes\n", "perhaps P007\n"), "unsure");
        federation.run(PLAN); // approves
        var ran = federation.runUnapproved(PLAN, "unsure");
        assertThat(ran.exit()).as(ran.err()).isEqualTo(3);
        assertThat(ran.err())
                .contains(
                        "(DATA_UNFIT): target column 'sick': 1 of 60 rows have a class that the plan does not declare; it"
                                + " declares [no, yes]",
                        "leave this dataset out")
                .doesNotContain("perhaps", "P007");
        try (var logs = Files.list(federation.nodeHome().resolve("logs"))) {
            var all = new StringBuilder();
            for (var log : logs.toList()) {
                all.append(Files.readString(log));
            }
            assertThat(all).contains("one of the undeclared classes: 'perhaps P007'");
        }
    }

    @Test
    void aColumnThatIsNotThereIsToldBeforeAnythingRuns() throws Exception {
        var ran = federation.runUnapproved(PLAN.replace("\"b\"", "\"bmi\""), "sick");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("has no column bmi; it has a, b, id, sick");
    }

    @Test
    void tooFewRowsHeldOutAreToldWithTheRemedy() throws Exception {
        var ran = federation.run(PLAN, "training_args: {epochs: 1, test_ratio: 0.05, test_on_global_updates: true}");
        assertThat(ran.exit()).isEqualTo(3);
        assertThat(ran.err())
                .contains(
                        "(POLICY): with test_ratio 0.05 the rows that are held out of dataset people-",
                        "raise test_ratio");
    }

    @Test
    void aPlanThatNobodyApprovedDoesNotRunAndSaysWhoMustDoWhat() throws Exception {
        var ran = federation.runUnapproved(PLAN + "// not approved\n", "sick");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.err()).contains("awaits its data manager", "fedbiomed node plan approve ");
    }
}
