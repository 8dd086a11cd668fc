package fedbiomed.training;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.Split;
import fedbiomed.data.preprocessing.FittedInputs;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.Table;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Seeds;
import fedbiomed.vocabulary.Text;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * From a participant's file to prepared rows, as the plan declared; errors tell columns and counts, never values.
 *
 * @param kept the table, or the arrays, of an earlier job on the same files
 */
record DataPreparation(DataDeclaration declaration, KeptTable kept) {
    /** @param train rows to learn from; @param test rows held out; the two share none */
    record Prepared(Samples train, Samples test) {}

    /** Which rows the job's participant trains on and which it holds out. */
    Split split(WorkerJob job) {
        return declaration.isTable()
                ? split(job, table(job).rows())
                : split(job, arrays(job).samples());
    }

    private static Split split(WorkerJob job, int rows) {
        var args = job.trainingArgs();
        long seed = Seeds.split(args.randomSeed(), job.participant(), job.round(), args.shuffleTestingDataset());
        return Split.of(rows, args.testRatio(), seed);
    }

    /** Moments of the inputs over the training rows; none where the plan does not need them: what is not needed stays. */
    PreprocessingStatistics statistics(WorkerJob job) {
        if (!declaration.needsFederatedStatistics()) {
            return PreprocessingStatistics.NONE;
        }
        var table = table(job);
        var split = split(job, table.rows());
        requireRows(table.rows(), split.train().length, "training");
        return declaration.pipeline().statistics(table, split.train());
    }

    Prepared prepare(WorkerJob job) {
        return declaration.isTable() ? prepareTable(job) : prepareArrays(job);
    }

    private Prepared prepareArrays(WorkerJob job) {
        var source = arrays(job);
        var split = split(job, source.samples());
        boolean tested = requireRows(job, split, source.samples());
        var preparation = new ArrayPreparation(declaration, source);
        return new Prepared(
                preparation.samples(split.train(), true),
                preparation.samples(tested ? split.test() : new int[0], true));
    }

    private Prepared prepareTable(WorkerJob job) {
        var table = table(job);
        var split = split(job, table.rows());
        boolean tested = requireRows(job, split, table.rows());
        var targets = targets(table);
        var fitted = fit(table, split.train(), job.preprocessing());
        return new Prepared(
                samples(table, split.train(), targets, fitted),
                samples(table, tested ? split.test() : new int[0], targets, fitted));
    }

    /** @return whether the held-out rows are tested */
    private static boolean requireRows(WorkerJob job, Split split, int rows) {
        var args = job.trainingArgs();
        if (job.task() == WorkerJob.Task.TRAIN || job.task() == WorkerJob.Task.CHECK) {
            requireRows(rows, split.train().length, "training");
        }
        boolean tested =
                job.task() == WorkerJob.Task.EVALUATE || args.testOnGlobalUpdates() || args.testOnLocalUpdates();
        if (tested && split.test().length == 0) {
            throw unfit("a test is asked for, but with " + rows + " rows and test_ratio " + args.testRatio()
                    + " no row is held out; raise test_ratio, or leave this dataset out");
        }
        return tested;
    }

    /** All rows of a file that holds the inputs; a target is neither needed nor read. */
    Samples inputs(Path data, @Nullable PreprocessingStatistics combined) {
        if (!declaration.isTable()) {
            var source = DatasetKinds.open(new StoredDataset(DatasetKinds.TENSORS, data));
            var all = IntStream.range(0, source.samples()).toArray();
            return new ArrayPreparation(declaration, source).samples(all, false);
        }
        var table = DatasetKinds.read(new StoredDataset(DatasetKinds.CSV, data), declaration.inputs());
        var rows = IntStream.range(0, table.rows()).toArray();
        return samples(table, rows, new double[0], fit(table, rows, combined));
    }

    private Samples samples(Table table, int[] rows, double[] targets, FittedInputs fitted) {
        int width = declaration.inputs().size();
        if ((long) rows.length * width > Integer.MAX_VALUE - 8) {
            throw unfit("the table has " + rows.length + " rows of " + width
                    + " inputs, more than fit into memory at once; split the dataset or use fewer inputs");
        }
        var inputs = fitted.apply(table, rows);
        var some = targets.length == 0
                ? targets
                : IntStream.of(rows).mapToDouble(row -> targets[row]).toArray();
        return new Samples(inputs, width, some);
    }

    /** @param rows those that local statistics are taken from */
    private FittedInputs fit(Table table, int[] rows, @Nullable PreprocessingStatistics combined) {
        var pipeline = declaration.pipeline();
        if (combined == null && pipeline.needsFederatedStatistics()) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "the plan standardises or imputes with the statistics of all nodes together, and none came with the"
                            + " request; collect them first (task STATISTICS), or let the plan use LOCAL or GIVEN");
        }
        if (combined != null && !SoundStatistics.are(combined)) {
            throw new FedbiomedException(
                    ErrorCode.BAD_MESSAGE,
                    "the statistics that came with the request can be of no table (a count below 0, a number that is not"
                            + " finite, or too many columns); collect them anew in a new experiment");
        }
        return pipeline.fit(table, rows, combined == null ? PreprocessingStatistics.NONE : combined);
    }

    private double[] targets(Table table) {
        if (declaration.event() != null) {
            return SurvivalTargets.of(table, declaration.target(), declaration.event());
        }
        return declaration.isClassification() ? classIndices(table) : values(table);
    }

    private double[] values(Table table) {
        var values = table.numbers(declaration.target());
        requireComplete(IntStream.range(0, values.length)
                .filter(i -> Double.isNaN(values[i]))
                .count());
        return values;
    }

    private double[] classIndices(Table table) {
        var texts = table.texts(declaration.target());
        var indices = new double[texts.length];
        long missing = 0;
        long foreign = 0;
        String example = "";
        for (int row = 0; row < texts.length; row++) {
            var text = texts[row];
            int index = text == null ? -1 : declaration.classes().indexOf(text);
            if (text == null) {
                missing++;
            } else if (index < 0) {
                foreign++;
                example = text;
            }
            indices[row] = index;
        }
        requireComplete(missing);
        if (foreign > 0) {
            // the label itself is data: it goes into the cause, which stays in the node's own log
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "target column '" + Text.shown(declaration.target()) + "': " + foreign + " of " + texts.length
                            + " rows have a class that the plan does not declare; it declares "
                            + declaration.classes().stream().map(Text::shown).toList()
                            + ". Declare every class as it is written in the table, or leave this dataset out; the node's"
                            + " own log has an example",
                    new IllegalArgumentException("one of the undeclared classes: '" + Text.shown(example) + "'"));
        }
        return indices;
    }

    private void requireComplete(long missing) {
        if (missing > 0) {
            throw unfit("target column '" + Text.shown(declaration.target()) + "': " + missing
                    + " rows have no value; remove these rows from the dataset, or name another target");
        }
    }

    private static void requireRows(int rows, int chosen, String what) {
        if (chosen < 2) {
            throw unfit("the dataset has " + rows + " rows, of which " + chosen + " are for " + what
                    + "; at least 2 are needed: lower test_ratio, or leave this dataset out");
        }
    }

    /** All columns that the plan reads, for whichever task: so that the next one finds it read. */
    private Table table(WorkerJob job) {
        requireKind(job);
        return kept.read(job.data(), declaration.columns());
    }

    private SampleSource arrays(WorkerJob job) {
        requireKind(job);
        return UnnamedFiles.open(() -> kept.open(job.data()));
    }

    private void requireKind(WorkerJob job) {
        var kind = job.data().kind();
        boolean table = DatasetKinds.get(kind).isTable();
        if (table != declaration.isTable()) {
            throw unfit("the plan asks for " + (table ? "arrays" : "a table") + ", but a dataset of kind '"
                    + Text.shown(kind) + "' is " + (table ? "a table" : "one of arrays")
                    + "; choose another dataset, or write dataset." + (table ? "table()" : "tensors()")
                    + " in the plan's data(...)");
        }
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
