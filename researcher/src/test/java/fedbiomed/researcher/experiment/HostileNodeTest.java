package fedbiomed.researcher.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.protocol.message.Message;
import fedbiomed.researcher.TestNode;
import fedbiomed.researcher.strategy.Strategy;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Scalar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a node that is trusted, and should not be, may answer. */
class HostileNodeTest extends TwoHospitals {
    @Override
    ExperimentBuilder builder(String name) {
        return Experiment.builder(researcher)
                .tags("sick")
                .plan(world.plan)
                .modelArgs(Map.of("loss", "log_loss", "learning_rate", "constant", "eta0", 0.5))
                .strategy(Strategy.all().deadline(Duration.ofSeconds(120)))
                .folder(folder.resolve(name));
    }

    @Test
    void whatANodeWritesCannotSteerTheResearchersTerminal() {
        a.script = TestNode.Script.STEERING_ERROR;
        var experiment = builder("steered").build();
        assertThatThrownBy(experiment::run)
                .isInstanceOf(RoundFailed.class)
                .hasMessageContaining("hospital-a/sick: failed (PLAN_FAILED): ?[2Jthe plan threw")
                .hasMessageNotContaining("\u001b")
                .hasMessageNotContaining("\r");
    }

    @Test
    void statisticsThatCanBeOfNoTableAreRefusedByName() {
        var sound = new ColumnMoments(80, 0, 1, 1);
        a.script = TestNode.Script.FORGED_STATISTICS;
        for (var b : new ColumnMoments[] {
            new ColumnMoments(81, 0, 1, 1),
            new ColumnMoments(-1, 0, 1, 1),
            new ColumnMoments(40, 41, 1, 1),
            new ColumnMoments(80, 0, Double.NaN, 1),
            new ColumnMoments(80, 0, 1, -1)
        }) {
            a.forged = new PreprocessingStatistics(new TreeMap<>(Map.of("a", sound, "b", b)), new TreeMap<>(), 1);
            refused("its statistics of column 'b' cannot be");
        }
        a.forged = new PreprocessingStatistics(new TreeMap<>(Map.of("a", sound)), new TreeMap<>(), 1);
        refused("its statistics are not of the columns that were asked for (a, b)");
        a.forged = new PreprocessingStatistics(
                new TreeMap<>(Map.of("a", sound, "b", sound, "c", sound)), new TreeMap<>(), 1);
        refused("its statistics are not of the columns that were asked for");
    }

    private void refused(String why) {
        var experiment = builder("forged-" + System.nanoTime()).build();
        assertThatThrownBy(experiment::run)
                .isInstanceOf(RoundFailed.class)
                .hasMessageContaining("gathering the statistics for the pre-processing failed")
                .hasMessageContaining("hospital-a/sick: refused (DATA_UNFIT): " + why);
    }

    @Test
    void namesOfScalarsThatAreNoNamesAreNotShown() {
        var participant = new Participant(PartyId.of("hospital-a"), "sick");
        var heard = new ArrayList<String>();
        var events = new ExperimentEvents();
        events.add(new ExperimentListener() {
            @Override
            public void scalar(Scalar scalar) {
                heard.add(scalar.name());
            }
        });
        events.expect("r", participant);
        var scalars = new ArrayList<Scalar>();
        for (var name : new String[] {"loss", "\u001b[2J", "x".repeat(65), "lo\nss", "\u202e"}) {
            scalars.add(new Scalar(1, participant, "training", name, 1, 1, 0.5));
            scalars.add(new Scalar(1, participant, name + "\u0007", "loss", 1, 1, 0.5));
        }
        events.scalars(participant.node(), new Message.Scalars("r", List.copyOf(scalars), 0));
        assertThat(heard).containsExactly("loss");
    }

    @Test
    void placesInANodesLineFillNoScreen() {
        var participant = new Participant(PartyId.of("hospital-a"), "sick");
        var heard = new ArrayList<String>();
        var events = new ExperimentEvents();
        events.add(new ExperimentListener() {
            @Override
            public void participantChanged(int round, Participant of, String state) {
                heard.add(state);
            }
        });
        events.expect("r", participant);
        for (int i = 0; i < 10_000; i++) {
            var place = new Scalar(1, participant, Scalar.QUEUE, Scalar.PLACE, i % 7 - 1, 3, 0);
            events.scalars(participant.node(), new Message.Scalars("r", List.of(place), 0));
        }
        assertThat(heard)
                .hasSizeBetween(1, 200)
                .allSatisfy(state -> assertThat(state).matches(".*\\([1-3] of 3 in its line\\)"));
    }

    @Test
    void argumentsThatNodesWouldRefuseAreRefusedHere() {
        assertThatThrownBy(() -> builder("gigantic")
                        .modelArgs(Map.of("w", "x".repeat(Args.MAX_JSON_BYTES)))
                        .build())
                .hasMessageContaining("model_args fill 65544 bytes; at most 65536 are accepted");
        assertThat(folder.resolve("gigantic")).doesNotExist();
    }
}
