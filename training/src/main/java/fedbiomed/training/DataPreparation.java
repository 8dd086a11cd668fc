package fedbiomed.training;

import fedbiomed.data.DatasetKinds;
import fedbiomed.data.Groups;
import fedbiomed.data.Split;
import fedbiomed.data.preprocessing.FittedInputs;
import fedbiomed.data.source.SampleSource;
import fedbiomed.data.source.StoredDataset;
import fedbiomed.data.tabular.Numbers;
import fedbiomed.data.tabular.Table;
import fedbiomed.training.metrics.SurvivalTime;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.vocabulary.DataForm;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Text;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * From a participant's file to prepared rows, as the plan declared; errors tell columns and counts, never values.
 *
 * @param kept the table, or the arrays, of an earlier job on the same files
 * @param reader opens a folder with the plan's own reader, where it brings one
 */
record DataPreparation(DataDeclaration declaration, DataForm form, KeptData kept, Function<Path, SampleSource> reader) {
    /** @param train rows to learn from; @param test rows held out; the two share none */
    record Prepared(Samples train, Samples test) {}

    /** Which rows the job's participant trains on and which it holds out. */
    Split split(WorkerJob job) {
        return declaration.isTable()
                ? split(job, table(job))
                : split(job, new ArrayPreparation(declaration, arrays(job)));
    }

    private Split split(WorkerJob job, Table table) {
        var by = declaration.splitBy();
        var split = new SampleSplit(job, declaration);
        return split.of(
                by == null ? Groups.single(table.rows()) : split.groups(table.textsOf(by)),
                declaration.stratified() ? classes(new TableTargets(declaration).of(table)) : new int[table.rows()]);
    }

    private Split split(WorkerJob job, ArrayPreparation arrays) {
        int samples = arrays.source().samples();
        var by = declaration.splitBy();
        var split = new SampleSplit(job, declaration);
        return split.of(
                by == null ? Groups.single(samples) : split.groups(arrays.values(by)),
                declaration.stratified() ? classes(Numbers.of(arrays.targets(all(samples)))) : new int[samples]);
    }

    /** Of survival times: whether the event was seen. */
    private int[] classes(Numbers targets) {
        return IntStream.range(0, targets.rows())
                .mapToDouble(targets::at)
                .mapToInt(target -> declaration.isSurvival() ? SurvivalTime.isEvent(target) ? 1 : 0 : (int) target)
                .toArray();
    }

    private static int[] all(int rows) {
        return IntStream.range(0, rows).toArray();
    }

    /** Moments of the inputs over the training rows; none where the plan does not need them: what is not needed stays. */
    PreprocessingStatistics statistics(WorkerJob job) {
        if (declaration.federated().isEmpty()) {
            return PreprocessingStatistics.NONE;
        }
        var table = table(job);
        var split = split(job, table);
        requireRows(table.rows(), split.train().length, "training");
        return declaration.pipeline().federatedStatistics(table, split.train());
    }

    Prepared prepare(WorkerJob job) {
        return declaration.isTable() ? prepareTable(job) : prepareArrays(job);
    }

    private Prepared prepareArrays(WorkerJob job) {
        var preparation = new ArrayPreparation(declaration, arrays(job));
        var split = split(job, preparation);
        boolean tested = requireRows(job, split, preparation.source().samples());
        return new Prepared(
                preparation.samples(split.train(), true),
                preparation.samples(tested ? split.test() : new int[0], true));
    }

    private Prepared prepareTable(WorkerJob job) {
        var table = table(job);
        var split = split(job, table);
        boolean tested = requireRows(job, split, table.rows());
        var targets = new TableTargets(declaration).of(table);
        var fitted = fit(table, split.train(), job.preprocessing());
        return new Prepared(
                samples(table, split.train(), targets, fitted),
                samples(table, tested ? split.test() : new int[0], targets, fitted));
    }

    /** @return whether the held-out rows are tested */
    private boolean requireRows(WorkerJob job, Split split, int rows) {
        var args = job.trainingArgs();
        if (job.task() == WorkerJob.Task.TRAIN || job.task() == WorkerJob.Task.CHECK) {
            requireRows(rows, split.train().length, "training");
        }
        boolean tested =
                job.task() == WorkerJob.Task.EVALUATE || args.testOnGlobalUpdates() || args.testOnLocalUpdates();
        if (tested && split.test().length == 0) {
            throw unfit("a test is asked for, but with " + rows + " rows and test_ratio " + args.testRatio()
                    + (declaration.splitBy() == null
                            ? ""
                            : " of the values of '" + Text.shown(declaration.splitBy()) + "'")
                    + " no row is held out; raise test_ratio, or leave this dataset out");
        }
        return tested;
    }

    /** All rows of a file that holds the inputs; a target is neither needed nor read. */
    Samples inputs(Path data, @Nullable PreprocessingStatistics combined) {
        if (!declaration.isTable()) {
            var source = form == DataForm.FILES
                    ? reader.apply(data)
                    : DatasetKinds.open(new StoredDataset(DatasetKinds.TENSORS, data));
            var all = all(source.samples());
            return new ArrayPreparation(declaration, source).samples(all, false);
        }
        var table = DatasetKinds.read(new StoredDataset(DatasetKinds.CSV, data), declaration.inputs());
        var rows = all(table.rows());
        return samples(table, rows, null, fit(table, rows, combined));
    }

    /** @param targets {@code null} where only scores are wanted */
    private Samples samples(Table table, int[] rows, @Nullable Numbers targets, FittedInputs fitted) {
        if (new LargeTable(declaration, kept.space()).isLarge(table, rows.length)) {
            return Samples.of(new TableRows(fitted.over(table, rows), targets, rows));
        }
        var inputs = fitted.apply(table, rows);
        var some = targets == null
                ? new double[0]
                : IntStream.of(rows).mapToDouble(targets::at).toArray();
        return new Samples(inputs, fitted.width(), some);
    }

    /** @param rows those that local statistics are taken from */
    private FittedInputs fit(Table table, int[] rows, @Nullable PreprocessingStatistics combined) {
        var pipeline = declaration.pipeline();
        if (combined == null && !pipeline.federated().isEmpty()) {
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

    private static void requireRows(int rows, int chosen, String what) {
        if (chosen < 2) {
            throw unfit("the dataset has " + rows + " rows, of which " + chosen + " are for " + what
                    + "; at least 2 are needed: lower test_ratio, or leave this dataset out");
        }
    }

    /** All columns that the plan reads, for whichever task: so that the next one finds it read. */
    private Table table(WorkerJob job) {
        requireKind(job);
        var table = kept.read(job.data(), declaration.columns());
        new LargeTable(declaration, kept.space()).requireFit(table, job.trainingArgs());
        return table;
    }

    private SampleSource arrays(WorkerJob job) {
        requireKind(job);
        return form == DataForm.FILES
                ? reader.apply(job.data().path())
                : UnnamedFiles.open(() -> kept.open(job.data()));
    }

    private void requireKind(WorkerJob job) {
        var kind = job.data().kind();
        var is = DatasetKinds.get(kind).form();
        if (is != form) {
            throw unfit("the plan asks for " + form + ", but a dataset of kind '" + Text.shown(kind) + "' is " + is
                    + "; choose another dataset, or write dataset." + is.call() + " in the plan's data(...)");
        }
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
