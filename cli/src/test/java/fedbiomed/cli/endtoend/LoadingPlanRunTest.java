package fedbiomed.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.node.Node;
import fedbiomed.node.NodeSetup;
import fedbiomed.protocol.identity.Identity;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Json;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two hospitals call their columns and values otherwise, and train one model. */
class LoadingPlanRunTest {
    private static final String PLAN = """
            import fedbiomed.training.linear.*;

            public class SickPlan extends SgdClassifier {
                @Override
                public TrainingData data(DatasetView dataset) {
                    return dataset.table().inputs("a", "b").standardise().target("sick").classes("no", "yes");
                }
            }
            """;
    private static final String HERE = """
            name: sick-2026
            other_columns: hidden
            columns:
              a: alpha
              b:
              sick: {from: krank, values: {ja: yes, nein: no}, other_values: refused}
            """;
    private static final String THERE = """
            name: sick-2026
            columns:
              b: mesure_b
              sick: {from: malade, values: {1: yes, 0: no}, other_values: refused}
            """;

    @TempDir
    static Path folder;

    private static Federation federation;
    private static Node second;
    private static Path secondHome;

    @BeforeAll
    static void start() throws Exception {
        federation = new Federation(folder, Federation.NODE);
        secondHome = folder.resolve("second");
        NodeSetup.init(
                secondHome,
                federation.network.invite(Role.NODE, PartyId.of("hospital-b")).token(),
                Clock.systemUTC());
        second = Node.open(secondHome, Federation.NODE, Clock.systemUTC());
        second.start();
        assertThat(second.awaitConnected(60_000)).isTrue();
        federation.trustEachOther();
        done("node", "researcher", "trust", "rita", federation.researcherFingerprint(), "--home", secondHome);
        done(
                "researcher",
                "node",
                "trust",
                "hospital-b",
                Identity.load(secondHome).keys().fingerprint().value(),
                "--home",
                federation.researcherHome());
        var table = Federation.table(120);
        share(
                federation.nodeHome(),
                "here",
                HERE,
                table.replace("id,a,b,sick", "id,alpha,b,krank")
                        .replace(",yes", ",ja")
                        .replace(",no", ",nein"));
        share(
                secondHome,
                "there",
                THERE,
                table.replace("id,a,b,sick", "id,a,mesure_b,malade")
                        .replace(",yes", ",1")
                        .replace(",no", ",0"));
    }

    @AfterAll
    static void stop() {
        second.close();
        federation.close();
    }

    private static Typed done(Object... arguments) {
        var typed = Typed.of(arguments);
        assertThat(typed.exit()).as(typed.err()).isZero();
        return typed;
    }

    private static void share(Path home, String name, String plan, String csv) throws IOException {
        done("node", "loading-plan", "add", Files.writeString(folder.resolve(name + ".yaml"), plan), "--home", home);
        var file = Files.writeString(folder.resolve(name + ".csv"), csv);
        done(
                "node",
                "dataset",
                "add",
                file,
                "--name",
                name,
                "--tags",
                "sick",
                "--loading-plan",
                "sick-2026",
                "--home",
                home);
    }

    @Test
    void theyTrainOneModelOnAgreedNamesAndTheirOwnStayAtHome() throws IOException {
        var source = new PlanSource(PLAN);
        second.plans().request(PartyId.of("rita"), source, "");
        second.plans().decide(source.id(), PlanStatus.APPROVED, "");
        var ran = federation.run(
                PLAN,
                "rounds: 2",
                "training_args: {epochs: 5, loader_args: {batch_size: 16}, test_ratio: 0.25,"
                        + " test_on_global_updates: true}");
        assertThat(ran.exit()).as(ran.err() + ran.out()).isZero();
        assertThat(ran.out()).contains("Round 2 of 2: 2 of 2 answered");
        var json = Json.MAPPER.readTree(ran.out().substring(ran.out().indexOf("\n{") + 1));
        assertThat(json.path("test_on_global_updates").path("accuracy").asDouble())
                .isGreaterThan(0.8);

        var home = federation.researcherHome();
        var listed = done("datasets", "--home", home);
        assertThat(listed.out()).contains("LOADING PLAN").containsPattern("hospital-b +there-.* sick-2026 +yes");
        var id = second.datasets().list().getFirst().id();
        var shown = done("datasets", "show", "hospital-b/" + id, "--home", home);
        assertThat(shown.out())
                .contains("node         hospital-b", "loading plan sick-2026; maps b, sick; recodes sick")
                .containsPattern("sick +text +0");
        var asSent = done("datasets", "show", "hospital-b/" + id, "--home", home, "--json");
        assertThat(asSent.out() + shown.out()).doesNotContain("mesure_b", "malade", folder.toString());
        var sameThere = done("node", "dataset", "show", id, "--as-researcher", "--json", "--home", secondHome);
        assertThat(Json.MAPPER.readTree(asSent.out()).path("dataset")).isEqualTo(Json.MAPPER.readTree(sameThere.out()));
    }

    @Test
    void aDatasetOfTooFewIsToldToNobody() throws IOException {
        var file = Files.writeString(folder.resolve("rare.csv"), Federation.table(4));
        var added = done(
                "node", "dataset", "add", file, "--name", "Rare", "--tags", "rare", "--home", federation.nodeHome());
        assertThat(added.err()).contains("has 4 samples, fewer than the 10 of minimum_samples");
        var listed = done("node", "dataset", "list", "--home", federation.nodeHome());
        assertThat(listed.out()).contains("not offered: too few");
        var home = federation.researcherHome();
        var found = done("datasets", "--home", home);
        assertThat(found.out()).contains("here-").doesNotContain("Rare", "rare");
        var byTag = Typed.of("datasets", "--tags", "rare", "--home", home);
        assertThat(byTag.out()).contains("no dataset has all the tags [rare]");
        var shown = Typed.of("datasets", "show", "hospital-a/rare-1234", "--home", home);
        assertThat(shown.exit()).isEqualTo(1);
        assertThat(shown.err()).contains("the dataset hospital-a/rare-1234 is not offered; there are hospital-a/here-");
        var odd = Typed.of("datasets", "show", "rare", "--home", home);
        assertThat(odd.exit()).isEqualTo(2);
        assertThat(odd.err()).contains("name node and dataset, such as hospital-a/heart-1f3a");
    }
}
