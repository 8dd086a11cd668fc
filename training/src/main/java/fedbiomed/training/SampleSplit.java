package fedbiomed.training;

import fedbiomed.data.Groups;
import fedbiomed.data.Split;
import fedbiomed.data.tabular.Texts;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Seeds;
import fedbiomed.vocabulary.Text;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which samples a job's participant trains on and which it holds out, and whether these are as many as the node asks for:
 * how many they are is known here alone, since a column or the classes decide it. Nothing is done before.
 */
record SampleSplit(WorkerJob job, DataDeclaration declaration) {
    /** The node's rule, by its name in the node's policy. */
    private static final String RULE = "minimum_samples";

    /** @param classes of each sample, from 0; all 0 where the split heeds none */
    Split of(Groups groups, int[] classes) {
        var args = job.trainingArgs();
        long seed = Seeds.split(args.randomSeed(), job.participant(), job.round(), args.shuffleTestingDataset());
        var split = Split.of(groups, classes, args.testRatio(), seed);
        requireMinimum(split, groups);
        return split;
    }

    /** Samples that belong together, by the values that the plan splits by. @param values {@code null} where one is missing */
    Groups groups(@Nullable Object[] values) {
        requireComplete(Arrays.stream(values).filter(Objects::isNull).count(), values.length);
        return Groups.of(values);
    }

    /** As {@link #groups(Object[])}, of a table's column. */
    Groups groups(Texts values) {
        requireComplete(
                IntStream.range(0, values.rows())
                        .filter(row -> values.at(row) == null)
                        .count(),
                values.rows());
        return Groups.of(values);
    }

    private void requireComplete(long missing, int rows) {
        if (missing > 0) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "column '" + Text.shown(String.valueOf(declaration.splitBy())) + "', by which the plan splits: "
                            + missing + " of " + rows
                            + " rows have no value, and could belong to either side; fill it in, remove these rows, or"
                            + " leave this dataset out");
        }
    }

    /** A group may be one person, however many rows it has: groups are counted, too. */
    private void requireMinimum(Split split, Groups groups) {
        int least = job.minimumSamples();
        var args = job.trainingArgs();
        var ratio = "with test_ratio " + args.testRatio() + " the ";
        long held = Math.min(split.test().length, groups.among(split.test()));
        if (held > 0 && held < least) {
            throw tooFew(
                    ratio + what() + " that are held out of the dataset are fewer",
                    "raise test_ratio, set it to 0 without tests, or leave the dataset out of the experiment");
        }
        if (job.task() == WorkerJob.Task.EVALUATE) {
            return;
        }
        if (Math.min(split.train().length, groups.among(split.train())) < least) {
            throw tooFew(
                    ratio + what() + " of the dataset that are trained on are fewer",
                    "lower test_ratio, or leave the dataset out of the experiment");
        }
        if (job.task() == WorkerJob.Task.TRAIN && args.seenRows(split.train().length) < least) {
            throw tooFew(
                    "with batch_size " + args.loaderArgs().batchSize() + " and so few updates training sees fewer",
                    "raise batch_size, num_updates or batch_maxnum");
        }
    }

    private String what() {
        var by = declaration.splitBy();
        return by == null ? "rows" : "rows, or the values of '" + Text.shown(by) + "' (each may be one person),";
    }

    private FedbiomedException tooFew(String what, String remedy) {
        return FedbiomedException.byRule(
                RULE,
                what + " than the " + job.minimumSamples() + " rows that node '"
                        + job.participant().node() + "' asks for (" + RULE + "); " + remedy);
    }
}
