package fedbiomed.training.torch;

import fedbiomed.parameters.Parameters;
import fedbiomed.training.DataDeclaration;
import fedbiomed.training.Engine;
import fedbiomed.training.EngineSettings;
import fedbiomed.training.Samples;
import fedbiomed.training.plan.PlanGuard;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

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

    private final PointerScope scope;
    private final TorchPlan plan;
    private final DataDeclaration data;
    private final PlanGuard guard;
    private final TorchModule model;
    private final TorchOptimizer optimizer;
    private final long seed;
    private long updates;

    private TorchEngine(
            PointerScope scope,
            TorchPlan plan,
            DataDeclaration data,
            PlanGuard guard,
            TorchModule model,
            TorchOptimizer optimizer,
            long seed) {
        this.scope = scope;
        this.plan = plan;
        this.data = data;
        this.guard = guard;
        this.model = model;
        this.optimizer = optimizer;
        this.seed = seed;
    }

    static TorchEngine of(TorchPlan plan, EngineSettings settings) {
        var guard = settings.guard();
        GENERATOR.lock();
        var scope = new PointerScope();
        try {
            torch.set_num_threads(THREADS);
            BlasThreads.set(THREADS);
            torch.manual_seed(settings.seed());
            var model = guard.call("model", () -> plan.model(settings.modelArgs()));
            var optimizer = guard.call("optimizer", () -> plan.optimizer(model, settings.optimizerArgs()));
            var engine = new TorchEngine(scope, plan, settings.data(), guard, model, optimizer, settings.seed());
            engine.requireOutputs();
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

    /** Tries the model on rows of zeros, so that layers which do not fit show before any data is read. */
    private void requireOutputs() {
        int rows = 2;
        int width = data.inputs().size();
        scores(new Samples(new double[rows * width], width, new double[0]));
    }

    @Override
    public Parameters parameters() {
        return step(() -> NativeTensors.copy(NativeTensors.of(model.raw)));
    }

    @Override
    public void load(Parameters parameters) {
        step(() -> {
            NativeTensors.load(NativeTensors.of(model.raw), parameters);
            return parameters;
        });
    }

    @Override
    public double train(Samples batch) {
        return step(() -> {
            torch.manual_seed(seed + SEED_STRIDE * ++updates);
            model.raw.train(true);
            optimizer.raw.zero_grad();
            var target = data.isClassification() ? indices(batch.targets()) : floats(batch.targets());
            var rows = new Batch(new TorchTensor(inputs(batch)), new TorchTensor(target));
            var loss = guard.call("trainingStep", () -> plan.trainingStep(model, rows));
            if (loss.elements() != 1) {
                throw new FedbiomedException(
                        ErrorCode.PLAN_FAILED,
                        "the plan's trainingStep returned a tensor of shape " + Arrays.toString(loss.shape())
                                + "; return a scalar, e.g. the loss's mean()");
            }
            return guard.call("trainingStep", () -> {
                loss.raw.backward();
                optimizer.raw.step();
                return loss.raw.item_double();
            });
        });
    }

    @Override
    @SuppressWarnings("unused") // the guard works by being there
    public double[] scores(Samples batch) {
        return step(() -> {
            try (var noGradient = new NoGradGuard()) {
                model.raw.eval();
                var output = guard.call("model", () -> model.forward(new TorchTensor(inputs(batch))));
                return scores(output, batch.rows());
            }
        });
    }

    private double[] scores(TorchTensor output, int rows) {
        int classes = data.classes().size();
        long width = output.elements() / rows;
        boolean single = width == 1 && (classes == 0 || classes == 2);
        boolean fits = output.shape().length <= 2 && output.elements() % rows == 0 && (single || width == classes);
        if (!fits) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the model's output for " + rows + " rows has shape " + Arrays.toString(output.shape()) + "; "
                            + (classes == 0
                                    ? "regression needs one output a row"
                                    : classes + " classes need " + classes + " outputs a row"
                                            + (classes == 2 ? " (or 1)" : "")));
        }
        var matrix = output.raw.to(ScalarType.Double).reshape(rows, width);
        if (classes == 0) {
            return doubles(matrix);
        }
        if (width == classes) {
            return doubles(matrix.softmax(1));
        }
        var second = doubles(matrix.sigmoid());
        var both = new double[2 * rows];
        for (int row = 0; row < rows; row++) {
            both[2 * row] = 1 - second[row];
            both[2 * row + 1] = second[row];
        }
        return both;
    }

    private static double[] doubles(Tensor tensor) {
        var values = new double[(int) tensor.numel()];
        new DoublePointer(tensor.contiguous().data_ptr()).get(values);
        return values;
    }

    private static Tensor inputs(Samples batch) {
        return floats(batch.inputs()).reshape(batch.rows(), batch.width());
    }

    private static Tensor floats(double[] values) {
        var floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        var pointer = new FloatPointer(floats);
        return torch.from_blob(pointer, new long[] {values.length}, new TensorOptions(ScalarType.Float));
    }

    private static Tensor indices(double[] values) {
        var longs = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            longs[i] = (long) values[i];
        }
        var pointer = new LongPointer(longs);
        return torch.from_blob(pointer, new long[] {values.length}, new TensorOptions(ScalarType.Long));
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
