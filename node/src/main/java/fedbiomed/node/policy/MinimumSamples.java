package fedbiomed.node.policy;

import fedbiomed.data.Split;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.ColumnMoments;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Text;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The node's {@code minimum_samples}: nothing leaves that is about fewer rows, since few rows are close to a person. What
 * sizes and arguments show is refused before any work is done; what comes out is looked at once more.
 */
public record MinimumSamples(int least, PartyId node) {
    /** How many rows {@code what} has is not said. */
    public void requireRows(String what, long rows) {
        if (rows < least) {
            throw tooFew(what + " has fewer", "leave it out of the experiment");
        }
    }

    /**
     * Looks at the arguments, which no data manager reviews: rows held out, rows trained on, and rows that training comes
     * to see must each be enough. Held out may also be none; one row alone would be the difference of two answers. A plan
     * that splits by a column or by classes holds out other numbers of rows, which only the worker knows: it looks at them
     * once more ({@link WorkerJob#minimumSamples}).
     */
    public void requireArguments(String dataset, long rows, TrainingArgs args, WorkerJob.Task task) {
        long held = Split.heldOut(rows, args.testRatio());
        if (held > 0 && held < least) {
            throw tooFew(
                    "with test_ratio " + args.testRatio() + " the rows that are held out of dataset " + dataset
                            + " are fewer",
                    "raise test_ratio, set it to 0 without tests, or leave the dataset out of the experiment");
        }
        if (task != WorkerJob.Task.EVALUATE && rows - held < least) {
            throw tooFew(
                    "with test_ratio " + args.testRatio() + " the rows of dataset " + dataset
                            + " that are trained on are fewer",
                    "lower test_ratio, or leave the dataset out of the experiment");
        }
        if (task == WorkerJob.Task.TRAIN && args.seenRows(rows - held) < least) {
            throw tooFew(
                    "with batch_size " + args.loaderArgs().batchSize() + " and so few updates training sees fewer",
                    "raise batch_size, num_updates or batch_maxnum");
        }
    }

    /** A column with one value among many rows: its sum would be that value. */
    public void requireMoments(String dataset, Map<String, ColumnMoments> columns) {
        columns.forEach((column, moments) -> {
            if (moments.count() > 0 && moments.count() < least) {
                throw tooFew(
                        "the rows of dataset " + dataset + " with a value in column '" + Text.shown(column)
                                + "' are fewer",
                        "leave the column out of the plan's inputs, or the dataset out of the experiment");
            }
        });
    }

    public void requireTested(String dataset, @Nullable EvaluationSums test) {
        if (test != null) {
            requireRows("the held-out set of dataset " + dataset, test.count());
        }
    }

    private FedbiomedException tooFew(String what, String remedy) {
        return FedbiomedException.byRule(
                PolicyRule.MINIMUM_SAMPLES.key(),
                what + " than the " + least + " rows that node '" + node + "' asks for (minimum_samples); " + remedy);
    }
}
