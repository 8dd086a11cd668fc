package fedbiomed.training.torch;

import fedbiomed.parameters.Parameters;
import fedbiomed.training.Engine;
import fedbiomed.training.EngineSettings;
import fedbiomed.training.Samples;
import fedbiomed.training.metrics.SegmentationSums;
import fedbiomed.training.optimizer.GradientHook;
import fedbiomed.training.plan.PlanGuard;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A {@link TorchPlan}'s model in training. Every call is a step with a pointer scope of its own, so that native memory is
 * freed at its end; the model and the optimizer live in the engine's scope.
 */
final class TorchEngine implements Engine {
    /** One thread adds up in one order: the same seed gives the same bytes. */
    private static final int THREADS = 1;

    /**
     * PyTorch's random generator is the process's, as its native state is. Steps of several engines in one process take
     * turns, and each seeds the generator for itself, so that none depends on the others.
     */
    private static final ReentrantLock GENERATOR = new ReentrantLock();

    /** Between the generator's seeds of two updates: any odd number does. */
    private static final long SEED_STRIDE = 0x9E3779B97F4A7C15L;

    /** A first try needs more than one sample: batch normalisation refuses a single one. */
    private static final int TRIED_SAMPLES = 2;

    private final PointerScope scope;
    private final TorchPlan plan;
    private final PlanGuard guard;
    private final Batches batches;
    private final ClassScores classScores;
    private final TorchModule model;
    private final StepMaker steps;
    private final TravellingTensors travelling;
    private final List<String> metrics;
    private final long seed;
    private final double learningRate;
    private final boolean scored;
    private final @Nullable PredictedMasks masks;
    private long updates;
    private long gradients;

    private TorchEngine(PointerScope scope, TorchPlan plan, EngineSettings settings, TorchModule model) {
        this.scope = scope;
        this.plan = plan;
        this.guard = settings.guard();
        this.model = model;
        this.seed = settings.seed();
        var data = settings.data();
        var device = ComputeDevice.of(settings.useGpu());
        device.place(model);
        this.batches = new Batches(data, device);
        this.classScores = new ClassScores(data.isClassification() ? data.classes() : List.of());
        this.masks = data.segmentation() ? new PredictedMasks(data.classes().size()) : null;
        this.scored = data.isClassification() || data.regression();
        this.metrics = TestMetrics.names(plan, guard, scored || masks != null);
        this.travelling = new TravellingTensors(model, settings.sharePersistentBuffers());
        var optimizer = guard.call("optimizer", () -> plan.optimizer(model, settings.optimizerArgs()));
        this.learningRate = optimizer.learningRate();
        var groups = optimizer.groups();
        this.steps = new StepMaker(guard.call("optimizer", () -> optimizer.make(groups)), travelling, guard);
    }

    static TorchEngine of(TorchPlan plan, EngineSettings settings) {
        var guard = settings.guard();
        GENERATOR.lock();
        var scope = new PointerScope();
        try {
            torch.set_num_threads(THREADS);
            BlasThreads.set(THREADS);
            torch.manual_seed(settings.seed());
            plan.round(settings.round());
            if (plan instanceof TorchScriptPlan script) {
                script.open(guard.call("script", script::script), settings.attachments());
            }
            Dependencies.require(guard.call("dependencies", () -> List.copyOf(plan.dependencies())), plan.getClass());
            var model = guard.call("model", () -> plan.model(settings.modelArgs()));
            var engine = new TorchEngine(scope, plan, settings, model);
            if (settings.data().arrays().stream()
                    .noneMatch(array -> array.shape().isEmpty())) {
                engine.tryOut();
            }
            // off this thread's stack of scopes, but alive until the engine is closed
            scope.extend().close();
            return engine;
        } catch (Throwable e) {
            scope.close();
            throw e;
        } finally {
            GENERATOR.unlock();
        }
    }

    /** Tries the model on zeros, so that layers which do not fit show before any data is read. */
    private void tryOut() {
        var output = withoutGradient(() -> forward(batches.zeros(TRIED_SAMPLES)));
        if (scored && metrics.isEmpty()) {
            step(() -> classScores.of(output, TRIED_SAMPLES));
        }
        if (masks != null && metrics.isEmpty()) {
            step(() -> masks.of(output));
        }
    }

    @Override
    public Parameters parameters() {
        return read(NativeTensors::copy);
    }

    /** Draws nothing, so that whoever writes a large model holds up no other engine. */
    @Override
    @SuppressWarnings("try") // the scope works by being there
    public <T> T read(Function<Parameters, T> reader) {
        try (var reading = new PointerScope()) {
            return reader.apply(travelling.outgoing());
        }
    }

    @Override
    public void load(Parameters parameters) {
        step(() -> {
            travelling.load(parameters);
            return parameters;
        });
    }

    @Override
    public Parameters state() {
        return step(travelling::staying);
    }

    @Override
    public void loadState(Parameters state) {
        step(() -> {
            travelling.loadStaying(state);
            return state;
        });
    }

    @Override
    public void gradientHook(GradientHook hook) {
        steps.hook(hook);
    }

    @Override
    public Set<String> trained() {
        return step(travelling::trained);
    }

    @Override
    public double train(Samples samples) {
        long drawn = seed + SEED_STRIDE * ++updates;
        return step(() -> steps.make(lossOf(samples, drawn)));
    }

    /** What is drawn for it is not what an update draws: an update's numbers do not depend on it. */
    @Override
    public double gradient(Samples samples) {
        long drawn = seed - SEED_STRIDE * ++gradients;
        return step(() -> steps.gradient(lossOf(samples, drawn)));
    }

    /** A plan's rates change from round to round alone; parts that have one of their own are left out. */
    @Override
    public OptionalDouble learningRate() {
        return OptionalDouble.of(learningRate);
    }

    private Supplier<TorchTensor> lossOf(Samples samples, long drawn) {
        model.train(true);
        var batch = preprocessed(batches.of(samples, true));
        return () -> {
            torch.manual_seed(drawn);
            return loss(batch);
        };
    }

    private TorchTensor loss(Batch batch) {
        var loss = guard.call("trainingStep", () -> plan.trainingStep(model, batch));
        if (loss.elements() != 1) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_FAILED,
                    "the plan's trainingStep returned a tensor of " + loss.shape().length
                            + " dimensions; return a scalar, e.g. the loss's mean()");
        }
        return loss;
    }

    @Override
    public double[] scores(Samples samples) {
        return step(() -> {
            if (!scored) {
                throw new FedbiomedException(
                        ErrorCode.UNSUPPORTED,
                        "the plan names neither classes of samples nor a regression, so that its output is no score a sample;"
                                + " load the model into PyTorch to use it");
            }
            return withoutGradient(() -> {
                model.train(false);
                return classScores.of(forward(batches.of(samples, false)), samples.rows());
            });
        });
    }

    private TorchTensor forward(Batch batch) {
        model.train(false);
        var prepared = preprocessed(batch);
        return guard.call("model", () -> plan.forward(model, prepared));
    }

    private Batch preprocessed(Batch batch) {
        return guard.call("preprocess", () -> plan.preprocess(batch));
    }

    @Override
    public void segment(Samples samples, SegmentationSums into) {
        var predicted = Objects.requireNonNull(masks, "the plan's target is no mask");
        step(() -> withoutGradient(() -> {
            torch.manual_seed(seed);
            model.train(false);
            var batch = preprocessed(batches.of(samples, true));
            var output = guard.call("model", () -> plan.forward(model, batch));
            predicted.count(output, batch.target(batches.data().target()), batch.samples(), into);
            return into;
        }));
    }

    @Override
    public List<String> metrics() {
        return metrics;
    }

    /** The random numbers of a test are the same whenever it runs. */
    @Override
    public double[] test(Samples samples) {
        return step(() -> withoutGradient(() -> {
            torch.manual_seed(seed);
            model.train(false);
            var batch = preprocessed(batches.of(samples, true));
            if (metrics.equals(TestMetrics.LOSS)) {
                return new double[] {loss(batch).raw.item_double()};
            }
            Map<String, TorchTensor> values =
                    guard.call("testingStep", () -> Map.copyOf(plan.testingStep(model, batch)));
            return TestMetrics.values(metrics, values);
        }));
    }

    @Override
    public void finish() {
        step(steps::dropGradients);
        step(() -> withoutGradient(() -> guard.call("postprocess", () -> {
            plan.postprocess(model);
            return model;
        })));
    }

    @SuppressWarnings("unused") // the guard works by being there
    private static <T> T withoutGradient(Supplier<T> work) {
        try (var noGradient = new NoGradGuard()) {
            return work.get();
        }
    }

    private <T> T step(Supplier<T> work) {
        GENERATOR.lock();
        try (var stepScope = new PointerScope()) {
            torch.set_num_threads(THREADS);
            return work.get();
        } finally {
            GENERATOR.unlock();
        }
    }

    @Override
    public void close() {
        scope.deallocate();
    }
}
