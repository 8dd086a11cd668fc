package fedbiomed.researcher.experiment;

import fedbiomed.data.Split;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.Optional;

/** Whether the arguments leave each dataset rows to train and to test on: the nodes say how many rows they have. */
record EnoughRows(TrainingArgs args) {
    /** As the nodes themselves ask for. */
    private static final int LEAST_TRAINING_ROWS = 2;

    Optional<FedbiomedException> problem(ChosenDataset dataset) {
        long held = Split.heldOut(dataset.rows(), args.testRatio());
        long train = dataset.rows() - held;
        var has = dataset.participant() + " has " + dataset.rows() + " rows; ";
        if (train < LEAST_TRAINING_ROWS) {
            return unfit(has + "with test_ratio " + args.testRatio() + " " + train
                    + " are left for training: lower test_ratio, or leave this dataset out");
        }
        if (held == 0 && (args.testOnGlobalUpdates() || args.testOnLocalUpdates())) {
            return unfit(has + "with test_ratio " + args.testRatio()
                    + " none is held out, and a test is asked for: raise test_ratio, or leave this dataset out");
        }
        if (args.batchesPerEpoch(train) == 0) {
            return unfit(has + "of its " + train + " training rows drop_last leaves no batch of "
                    + args.loaderArgs().batchSize()
                    + ": lower loader_args.batch_size, leave drop_last out, or leave this dataset out");
        }
        return Optional.empty();
    }

    private static Optional<FedbiomedException> unfit(String text) {
        return Optional.of(new FedbiomedException(ErrorCode.DATA_UNFIT, text));
    }
}
