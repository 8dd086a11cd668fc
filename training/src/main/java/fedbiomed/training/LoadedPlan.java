package fedbiomed.training;

import fedbiomed.data.Split;
import fedbiomed.data.tabular.TableSpace;
import fedbiomed.parameters.Parameters;
import fedbiomed.training.metrics.CustomMetrics;
import fedbiomed.training.metrics.SumNames;
import fedbiomed.training.plan.BytecodePolicy;
import fedbiomed.training.plan.ClassCheck;
import fedbiomed.training.plan.CompiledPlan;
import fedbiomed.training.plan.MetricDeclaration;
import fedbiomed.training.plan.PlanCompiler;
import fedbiomed.training.plan.PlanGuard;
import fedbiomed.training.plan.PlanSource;
import fedbiomed.training.worker.WorkerClassPath;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.Attachment;
import fedbiomed.vocabulary.DataForm;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A compiled plan and what can be done with it. Every call loads the plan afresh in a class loader of its own; the table
 * that a job has read is kept for the next job on the same file. In this
 * JVM the plan runs with all rights of it: only a plan that one trusts (one's own) belongs here; a node hands a
 * stranger's to a worker process.
 */
public final class LoadedPlan implements AutoCloseable {
    private static final int MAX_SAID_CHARS = 300;

    private final PlanSource source;
    private final CompiledPlan compiled;
    private final @Nullable Path attachments;
    private final KeptData kept;

    private LoadedPlan(PlanSource source, CompiledPlan compiled, @Nullable Path attachments) {
        this(source, compiled, attachments, TableSpace.inMemory());
    }

    private LoadedPlan(PlanSource source, CompiledPlan compiled, @Nullable Path attachments, TableSpace space) {
        this.source = source;
        this.compiled = compiled;
        this.attachments = attachments;
        this.kept = new KeptData(space);
    }

    /**
     * Compiles a plan's file, and takes up the attachments that the plan names, which lie beside it.
     *
     * @throws FedbiomedException {@code PLAN_INVALID} with line and message of the first errors, or naming the attachment
     *     that is not there
     */
    public static LoadedPlan open(Path file) {
        var text = PlanSource.read(file);
        var folder = file.toAbsolutePath().getParent();
        var alone = new LoadedPlan(text, compile(text).compiled, folder);
        var files = new ArrayList<Attachment>();
        for (var name : alone.attachmentNames()) {
            files.add(attachment(folder == null ? Path.of(name) : folder.resolve(name)));
        }
        return new LoadedPlan(text.with(files), alone.compiled, folder);
    }

    private List<String> attachmentNames() {
        try {
            var names = compiled.guard().call("attachments", compiled.load(TrainingPlan.class)::attachments);
            names.forEach(Attachment::requireName);
            return names;
        } catch (IllegalArgumentException e) {
            throw new FedbiomedException(ErrorCode.PLAN_INVALID, "the plan names no file: " + e.getMessage(), e);
        } catch (FedbiomedException e) {
            throw withItsText(e);
        }
    }

    private static Attachment attachment(Path file) {
        try {
            return Attachment.of(file);
        } catch (IOException e) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan's attachment '" + file.getFileName() + "' cannot be read ("
                            + e.getClass().getSimpleName() + "); put the file beside the plan, in "
                            + file.toAbsolutePath().getParent(),
                    e);
        }
    }

    /** The same with its attachments in that folder; a job's lie beside its plan's file. */
    public LoadedPlan withAttachments(Path folder) {
        return new LoadedPlan(source, compiled, folder, kept.space());
    }

    /** The same with the tables that it reads there. */
    public LoadedPlan withTables(TableSpace space) {
        return new LoadedPlan(source, compiled, attachments, space);
    }

    /**
     * Compiles against what a worker has, whatever else this JVM's class path holds, and checks that the plan uses nothing
     * that no plan may use ({@link BytecodePolicy}).
     *
     * @throws FedbiomedException {@code PLAN_INVALID} with line and message of the first errors
     */
    public static LoadedPlan compile(PlanSource source) {
        return compile(source, new BytecodePolicy());
    }

    /** As {@link #compile(PlanSource)}, with every class shown to {@code check} first. */
    public static LoadedPlan compile(PlanSource source, ClassCheck check) {
        var classPath = WorkerClassPath.of(System.getProperty("java.class.path", ""));
        return new LoadedPlan(source, new PlanCompiler(classPath, check).compile(source), null);
    }

    public PlanSource source() {
        return source;
    }

    public PlanId id() {
        return source.id();
    }

    public String className() {
        return compiled.className();
    }

    /**
     * What the plan asks of a dataset, found without data; also builds the model once, so that {@code modelArgs} that do
     * not fit show here.
     *
     * @throws FedbiomedException {@code PLAN_INVALID} or {@code PLAN_FAILED}
     */
    public PlanRequirements requirements(Args modelArgs) {
        return requirements(modelArgs, Args.NONE);
    }

    /** As {@link #requirements(Args)}; also makes the optimizer, so that {@code optimizerArgs} that do not fit show here. */
    public PlanRequirements requirements(Args modelArgs, Args optimizerArgs) {
        try {
            return requirements(instance(), modelArgs, optimizerArgs);
        } catch (FedbiomedException e) {
            throw withItsText(e);
        }
    }

    private PlanRequirements requirements(Instance plan, Args modelArgs, Args optimizerArgs) {
        var data = plan.declaration();
        try (var engine = plan.untrained(modelArgs, optimizerArgs, 0)) {
            var metrics = engine.metrics();
            if (!metrics.isEmpty() && !metrics.equals(CustomMetrics.LOSS)) {
                CustomMetrics.requireNames(metrics);
                MetricDeclaration.of(source).requireWritten(metrics);
            }
            return new PlanRequirements(
                    plan.form(),
                    engine.metrics().isEmpty() ? task(data) : SumNames.CUSTOM,
                    data.inputs(),
                    data.numbers(),
                    data.target(),
                    data.columns(),
                    data.classes(),
                    engine.metrics(),
                    engine.isProbabilistic(),
                    untrained(engine),
                    data.federated());
        }
    }

    private static Set<String> untrained(Engine engine) {
        var names = engine.read(parameters -> new TreeSet<>(parameters.names()));
        names.removeAll(engine.trained());
        return names;
    }

    private static String task(DataDeclaration data) {
        if (data.isSurvival()) {
            return SumNames.SURVIVAL;
        }
        if (data.segmentation()) {
            return SumNames.SEGMENTATION;
        }
        return data.isClassification() ? SumNames.CLASSIFICATION : SumNames.REGRESSION;
    }

    /** No data has been read yet, so what the plan itself says of a failure may be told. */
    private static FedbiomedException withItsText(FedbiomedException failure) {
        if (failure.code() != ErrorCode.PLAN_FAILED || !(failure.getCause() instanceof Exception cause)) {
            return failure;
        }
        var said = PlanGuard.said(cause);
        var what = failure.text().split(";", 2)[0];
        return new FedbiomedException(
                failure.code(), what + (said.isEmpty() ? "" : ": " + Text.shown(said, MAX_SAID_CHARS)), cause);
    }

    /** @param seed of the initial values, {@link fedbiomed.vocabulary.Seeds#model} of the experiment's */
    public Parameters initialParameters(Args modelArgs, long seed) {
        try (var engine = instance().untrained(modelArgs, seed)) {
            return engine.parameters();
        }
    }

    /** As {@link #initialParameters}, shown without a copy. @param reader keeps none of them @return what it makes of them */
    public <T> T readInitialParameters(Args modelArgs, long seed, Function<Parameters, T> reader) {
        try (var engine = instance().untrained(modelArgs, seed)) {
            return engine.read(reader);
        }
    }

    /**
     * Does the job in this thread and JVM; the job's own {@code plan} file is not read.
     *
     * @param scalars told losses and metrics as they arise, in this thread
     * @throws FedbiomedException whose text is safe to send; its cause may hold data
     */
    public WorkerReply.Done run(WorkerJob job, Consumer<Scalar> scalars) {
        try {
            return new PlanRun(instance(), List.of(job), kept, scalars, System::nanoTime).run();
        } catch (FedbiomedException e) {
            throw compiled.guard().told(e);
        }
    }

    /**
     * Trains one model on the union of the jobs' training rows (each job's own split, statistics and file), tests on the
     * union of their held-out rows: the baseline that a federation is compared with. Arguments, seeds, the incoming
     * parameters and the output are the first job's.
     */
    public WorkerReply.Done trainPooled(List<WorkerJob> jobs, Consumer<Scalar> scalars) {
        if (jobs.isEmpty() || jobs.getFirst().task() != WorkerJob.Task.TRAIN) {
            throw new IllegalArgumentException("pooled training needs at least one job, of task TRAIN");
        }
        return new PlanRun(instance(), jobs, kept, scalars, System::nanoTime).run();
    }

    /** Which rows of the job's file (from 0, the header not counted) are trained on and which are held out. */
    public Split split(WorkerJob job) {
        return instance().preparation(kept).split(job);
    }

    /**
     * @param statistics the run's combined ones ({@link ModelMetadata#preprocessing}); {@code null} where the plan needs
     *     none. A plan that prepares with {@code LOCAL} statistics takes them from all rows of {@code data}
     * @param data needs the inputs' columns (or arrays) only
     */
    public Predictions predict(
            Parameters model, Args modelArgs, @Nullable PreprocessingStatistics statistics, Path data) {
        var plan = instance();
        var classes = plan.declaration().classes();
        var samples = plan.preparation(kept).inputs(data, statistics);
        try (var engine = plan.untrained(modelArgs, 0)) {
            engine.load(model);
            var scores =
                    new Evaluation(engine, plan.declaration()).scores(samples, Evaluation.defaultBatchRows(samples));
            return new Predictions(classes, scores);
        }
    }

    /** Deletes the files of a table that did not fit into memory; each call's class loader goes with the call. */
    @Override
    public void close() {
        kept.close();
    }

    private Instance instance() {
        var plan = compiled.load(TrainingPlan.class);
        var view = new TrainingPlan.DatasetView();
        var data = compiled.guard().call("data", () -> plan.data(view));
        var declaration = data.declaration();
        if (!declaration.isTable() && !plan.readsArrays()) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan's data(...) takes arrays, but a linear model reads the columns of a table; write"
                            + " dataset.table(), or extend TorchPlan");
        }
        if (view.reader() != null) {
            ReaderSource.requireReads(view.reader(), compiled.guard(), declaration);
        }
        return new Instance(plan, declaration, view.reader(), compiled, attachments);
    }

    /** A plan loaded for one call, and what its {@code data} hook said. */
    record Instance(
            TrainingPlan plan,
            DataDeclaration declaration,
            @Nullable SampleReader reader,
            CompiledPlan compiled,
            @Nullable Path attachments) {
        DataForm form() {
            if (reader != null) {
                return DataForm.FILES;
            }
            return declaration.isTable() ? DataForm.TABLE : DataForm.ARRAYS;
        }

        DataPreparation preparation(KeptData kept) {
            return new DataPreparation(
                    declaration,
                    form(),
                    kept,
                    folder -> ReaderSource.open(Objects.requireNonNull(reader), compiled.guard(), folder));
        }

        /** For what trains nothing. */
        Engine untrained(Args modelArgs, long seed) {
            return untrained(modelArgs, Args.NONE, seed);
        }

        private Engine untrained(Args modelArgs, Args optimizerArgs, long seed) {
            return plan.engine(new EngineSettings(
                    declaration, modelArgs, optimizerArgs, seed, 0, true, false, attachments, compiled.guard()));
        }

        Engine engine(WorkerJob job, long seed) {
            var args = job.trainingArgs();
            return plan.engine(new EngineSettings(
                    declaration,
                    job.modelArgs(),
                    args.optimizerArgs(),
                    seed,
                    job.round(),
                    args.sharePersistentBuffers(),
                    args.useGpu(),
                    job.plan().getParent(),
                    compiled.guard()));
        }
    }
}
