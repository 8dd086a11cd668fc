package fedbiomed.training.optimizer;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.Parameters;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.TrainingArgs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the gradients of one training, whichever engine computes them: the aggregator's correction, FedProx's
 * pull, then the optimizer's modules in their order. Used once, by one thread.
 */
public final class GradientChain implements GradientHook {
    private final Parameters model;
    private final @Nullable Correction correction;
    private final ModuleChain modules;
    private final List<GradientHook> steps = new ArrayList<>();

    /**
     * @param incoming the model and the vectors that came with it; must stay readable
     * @param trained names of the tensors whose gradients will be shown
     * @param kept what {@link #withState} gave when the predecessor ended; {@code null} where there is none
     * @throws FedbiomedException {@code UNSUPPORTED} naming a correction, module or argument that is unknown; {@code
     *     DATA_UNFIT} where a vector that came along, or what was kept, does not fit
     */
    public GradientChain(TrainingArgs args, Parameters incoming, Set<String> trained, @Nullable Parameters kept) {
        this.model = Auxiliary.model(incoming);
        var places = Parameters.builder();
        model.tensors().forEach((name, tensor) -> {
            if (trained.contains(name)) {
                places.put(name, tensor);
            }
        });
        var state = new KeptVectors(places.build(), kept);
        this.correction = correction(args, incoming, state);
        if (correction != null) {
            steps.add(correction);
        }
        if (args.fedproxMu() > 0) {
            steps.add(new FedProx(args.fedproxMu(), model));
        }
        this.modules = new ModuleChain(args.optimizerModules(), state);
        if (!modules.isEmpty()) {
            steps.add(modules);
        }
        state.requireNoOther();
    }

    /**
     * That a training can be asked for with these.
     *
     * @throws FedbiomedException {@code UNSUPPORTED} naming a correction, module or argument that is unknown, out of its
     *     range or missing
     */
    public static void check(TrainingArgs args) {
        Corrections.check(args.correction());
        OptimizerModules.check(args.optimizerModules());
    }

    /** How many vectors of the model's floating tensors, in binary32 or binary64, stay at the node. */
    public static int keptVectors(TrainingArgs args) {
        return Corrections.kept(args.correction()) + OptimizerModules.keptVectors(args.optimizerModules());
    }

    private @Nullable Correction correction(TrainingArgs args, Parameters incoming, KeptVectors state) {
        return switch (Corrections.read(args.correction())) {
            case Corrections.Asked.None() -> null;
            case Corrections.Asked.ControlVariates(int option) ->
                new Scaffold(option, model, control(incoming), state.take(Scaffold.KEPT));
            case Corrections.Asked.DynamicRegularizer(double alpha) ->
                new FedDyn(alpha, model, state.take(FedDyn.KEPT));
        };
    }

    private Parameters control(Parameters incoming) {
        var control = Auxiliary.vector(incoming, Scaffold.CONTROL);
        if (!control.names().isEmpty()) {
            try {
                Auxiliary.floating(model).requireSameStructure(control);
            } catch (FedbiomedException e) {
                throw new FedbiomedException(
                        ErrorCode.DATA_UNFIT,
                        "the vector '" + Scaffold.CONTROL + "' that came with the model is not of its structure: "
                                + e.text(),
                        e);
            }
        }
        return control;
    }

    /** Nothing is done: an engine need not show gradients. */
    public boolean isEmpty() {
        return steps.isEmpty();
    }

    @Override
    public void on(List<Gradient> gradients) {
        for (var step : steps) {
            step.on(gradients);
        }
    }

    /** What wants to see the local loss's gradients at the incoming weights first; {@link GradientHook#NONE}: nothing. */
    public GradientHook beforehand() {
        return correction == null ? NONE : correction.beforehand();
    }

    /** The next batch that {@link #beforehand} sees has so many rows. */
    public void weigh(int rows) {
        if (correction != null) {
            correction.weigh(rows);
        }
    }

    /**
     * Training is over; called once, before {@link #withState}.
     *
     * @param trained the model that leaves @return it, with the vectors that leave
     */
    public Parameters finish(Parameters trained) {
        var leaving = trained;
        if (correction != null) {
            for (var vector : new TreeMap<>(correction.finish(trained)).entrySet()) {
                leaving = Auxiliary.with(leaving, vector.getKey(), vector.getValue());
            }
        }
        return leaving;
    }

    /** With what stays at the node for the next training, named apart from the engine's own. */
    public Parameters withState(Parameters ofEngine) {
        var all = ofEngine;
        if (correction != null) {
            for (var vector : new TreeMap<>(correction.kept()).entrySet()) {
                all = Auxiliary.with(all, vector.getKey(), vector.getValue().parameters());
            }
        }
        return modules.withState(all);
    }
}
