package fedbiomed.researcher.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.researcher.Researcher;
import fedbiomed.researcher.TestNode;
import fedbiomed.researcher.TestWorld;
import fedbiomed.researcher.strategy.Strategy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From which of their own trainings nodes are asked to go on. */
class NodeStateIdsTest {
    @TempDir
    private Path folder;

    private TestWorld world;
    private Researcher researcher;
    private TestNode a;
    private TestNode b;

    @BeforeEach
    void twoHospitals() throws IOException, InterruptedException {
        world = new TestWorld(folder);
        a = world.node("hospital-a", 80);
        b = world.node("hospital-b", 80);
        researcher = world.researcher();
    }

    @AfterEach
    void end() {
        researcher.close();
        world.close();
    }

    private Experiment begun(String name) {
        return Experiment.builder(researcher)
                .tags("sick")
                .plan(world.plan)
                .modelArgs(Map.of("loss", "log_loss", "learning_rate", "constant", "eta0", 0.5))
                .trainingArgs(args -> args.epochs(1).batchSize(16).testRatio(0.25))
                .strategy(Strategy.all().quorum(1).deadline(Duration.ofSeconds(90)))
                .rounds(5)
                .seed(7)
                .folder(folder.resolve(name))
                .build();
    }

    private static String request(Experiment experiment, int round, TestNode node) {
        return experiment.summary(round).outcomes().stream()
                .filter(outcome -> outcome.participant().equals(node.participant()))
                .findFirst()
                .orElseThrow()
                .request();
    }

    @Test
    void eachGoesOnFromItsLastAcceptedTrainingAlsoAfterResumption() {
        a.keepsState = true;
        b.keepsState = true;
        var experiment = begun("kept");
        experiment.runRound();
        b.script = TestNode.Script.WRONG_SHAPE;
        experiment.runRound();
        assertThat(experiment.summary(2).accepted()).isEqualTo(1);
        b.script = TestNode.Script.ERROR;
        experiment.runRound();
        b.script = TestNode.Script.TRAIN;

        var resumed = Experiment.resume(researcher, experiment.folder());
        resumed.runRound();
        resumed.runRound();
        assertThat(a.startedFrom)
                .containsExactly(
                        "none",
                        request(resumed, 1, a),
                        request(resumed, 2, a),
                        request(resumed, 3, a),
                        request(resumed, 4, a));
        assertThat(b.startedFrom)
                .as("what was refused in round 2, and missed in round 3, is not gone on from")
                .containsExactly("none", request(resumed, 1, b), request(resumed, 1, b), request(resumed, 4, b));

        a.startedFrom.clear();
        b.startedFrom.clear();
        resumed.evaluate(resumed.globalModel().file());
        assertThat(a.startedFrom).containsExactly(request(resumed, 5, a));
        assertThat(b.startedFrom).containsExactly(request(resumed, 5, b));
    }

    @Test
    void whereNothingStaysNothingIsNamed() {
        var experiment = begun("nothing");
        experiment.runRound();
        experiment.runRound();
        assertThat(a.startedFrom).containsExactly("none", "none");
        assertThat(experiment.folder().resolve("rounds/0002/node-states.json")).doesNotExist();
    }
}
