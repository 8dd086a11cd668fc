package fedbiomed.researcher.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.LoaderArgs;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Sha256;
import fedbiomed.vocabulary.TrainingArgs;
import org.junit.jupiter.api.Test;

class EnoughRowsTest {
    private static String problem(TrainingArgs.Builder args, long rows) {
        var dataset = new ChosenDataset(new Participant(PartyId.of("a"), "d-1"), "on", Sha256.of("data"), rows);
        return new EnoughRows(args.build())
                .problem(dataset)
                .map(FedbiomedException::text)
                .orElse("");
    }

    private static TrainingArgs.Builder tested(double ratio) {
        return TrainingArgs.builder().testRatio(ratio).testOnLocalUpdates(true);
    }

    private static TrainingArgs.Builder whole(int batchSize) {
        return TrainingArgs.builder().loaderArgs(new LoaderArgs(batchSize, true, true));
    }

    @Test
    void aSplitThatLeavesNothingToTrainOrToTestOnIsNamedWithTheDataset() {
        assertThat(problem(tested(0.9), 10))
                .isEqualTo("a/d-1 has 10 rows; with test_ratio 0.9 1 are left for training: lower test_ratio, or leave"
                        + " this dataset out");
        assertThat(problem(tested(0.8), 10)).isEmpty();
        assertThat(problem(tested(0.04), 10)).contains("none is held out", "raise test_ratio");
        assertThat(problem(tested(0.05), 10)).isEmpty();
        assertThat(problem(TrainingArgs.builder().testRatio(0.04), 10)).isEmpty();
    }

    @Test
    void aBatchLargerThanTheTrainingRowsIsRefusedWhereTheLastIsDropped() {
        assertThat(problem(whole(11), 10)).contains("of its 10 training rows drop_last leaves no batch of 11");
        assertThat(problem(whole(10), 10)).isEmpty();
        assertThat(problem(whole(10).testRatio(0.1), 10)).contains("of its 9 training rows");
        assertThat(problem(TrainingArgs.builder().batchSize(11), 10)).isEmpty();
    }
}
