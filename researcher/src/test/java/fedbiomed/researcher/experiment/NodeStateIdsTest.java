package fedbiomed.researcher.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.researcher.TestNode;
import fedbiomed.researcher.strategy.Strategy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** From which of their own trainings nodes are asked to go on. */
class NodeStateIdsTest extends TwoHospitals {
    private Experiment begun(String name) {
        return builder(name)
                .strategy(Strategy.all().quorum(1).deadline(Duration.ofSeconds(90)))
                .rounds(5)
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
