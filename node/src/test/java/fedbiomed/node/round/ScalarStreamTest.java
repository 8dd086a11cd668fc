package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.protocol.message.Job;
import fedbiomed.protocol.message.Message;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class ScalarStreamTest {
    private static final Participant OURS = new Participant(PartyId.of("hospital-a"), "heart-0001");
    private static final Job JOB = new Job(
            "run-1",
            7,
            0,
            PartyId.of("ana"),
            OURS,
            "0".repeat(64),
            new PlanId("1".repeat(64)),
            Args.NONE,
            TrainingArgs.builder().build(),
            null,
            null,
            null);

    private static final DeclaredResults DECLARED =
            new DeclaredResults(new PlanSource("public class Plan { String named = \"" + "x".repeat(1000) + "\"; }"));

    private static Scalar scalar(String name, long iteration) {
        return new Scalar(1, new Participant(PartyId.of("other"), "other"), "training", name, iteration, 0, 0.5);
    }

    @Test
    void aFloodIsBatchedBoundedAndCounted() {
        var sent = new ArrayList<Message.Scalars>();
        var stream = new ScalarStream("id", JOB, DECLARED, sent::add);
        int flood = 100_000;
        for (int i = 0; i < flood; i++) {
            stream.add(scalar("loss", i));
        }
        stream.flush();
        assertThat(sent)
                .allSatisfy(batch -> assertThat(batch.scalars()).hasSizeLessThanOrEqualTo(ScalarStream.MAX_BATCH));
        long arrived = sent.stream().mapToLong(batch -> batch.scalars().size()).sum();
        assertThat(arrived + sent.getLast().dropped()).isEqualTo(flood);
        assertThat(stream.arisen()).isEqualTo(flood);
    }

    @Test
    void aFloodedCurveGetsCoarserAndKeepsItsEndAndWhatIsRare() {
        var sent = new ArrayList<Message.Scalars>();
        var stream = new ScalarStream("id", JOB, DECLARED, sent::add);
        stream.gather(scalar("accuracy", 0));
        for (int i = 1; i <= 400; i++) {
            stream.gather(scalar("loss", i));
        }
        stream.flush();
        var came = sent.getFirst().scalars();
        assertThat(came).extracting(Scalar::name).containsOnlyOnce("accuracy");
        var iterations = came.stream()
                .filter(one -> one.name().equals("loss"))
                .map(Scalar::iteration)
                .toList();
        assertThat(iterations).hasSizeBetween(100, 200).isSorted().endsWith(400L);
        assertThat(iterations.getFirst()).isLessThanOrEqualTo(8);
        for (int i = 1; i < iterations.size(); i++) {
            assertThat(iterations.get(i) - iterations.get(i - 1)).isLessThanOrEqualTo(8);
        }
    }

    @Test
    void whoseNumberItIsTheNodeSaysAndNotTheWorker() {
        var sent = new ArrayList<Message.Scalars>();
        var stream = new ScalarStream("id", JOB, DECLARED, sent::add);
        stream.add(scalar("loss", 1));
        stream.flush();
        assertThat(sent.getFirst().scalars().getFirst()).satisfies(scalar -> {
            assertThat(scalar.participant()).isEqualTo(OURS);
            assertThat(scalar.round()).isEqualTo(7);
        });
    }

    @Test
    void whatCannotBeSentOrHasALongNameCountsAsDropped() {
        var sent = new ArrayList<Message.Scalars>();
        var offline = new boolean[] {true};
        var stream = new ScalarStream("id", JOB, DECLARED, batch -> !offline[0] && sent.add(batch));
        stream.add(scalar("loss", 1));
        stream.flush();
        stream.add(scalar("precision[" + "x".repeat(1000) + "]", 2));
        offline[0] = false;
        stream.add(scalar("loss", 3));
        stream.flush();
        assertThat(sent.getLast().dropped()).isEqualTo(2);
        stream.missed(7);
        assertThat(stream.arisen())
                .as("those that a worker could not hand on, too")
                .isEqualTo(10);
    }
}
