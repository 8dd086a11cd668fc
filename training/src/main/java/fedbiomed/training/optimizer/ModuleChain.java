package fedbiomed.training.optimizer;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.OptimizerModule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link OptimizerModules} one after the other, with what they keep from step to step. A node puts it between gradient and
 * optimizer; a server may do so with what a round has changed. One thread's own.
 */
public final class ModuleChain implements GradientHook {
    private final Elementwise elementwise = new Elementwise();
    private final List<Link> links = new ArrayList<>();

    /** @param name unique in the chain */
    private record Link(String name, GradientFormula formula, List<Vector> vectors, long[] steps) {
        String vectorName(int i) {
            return name + "." + formula.vectors().get(i);
        }

        String countName() {
            return name + ".count";
        }
    }

    /**
     * @param places the tensors whose gradients will be shown
     * @param kept what {@link #withState} has given earlier, {@code null} to begin anew
     * @throws FedbiomedException {@code UNSUPPORTED} as {@link OptimizerModules#check}; {@code DATA_UNFIT} where {@code
     *     kept} is of other modules or another model
     */
    public static ModuleChain of(List<OptimizerModule> modules, Parameters places, @Nullable Parameters kept) {
        var state = new KeptVectors(places, kept);
        var chain = new ModuleChain(modules, state);
        state.requireNoOther();
        return chain;
    }

    ModuleChain(List<OptimizerModule> modules, KeptVectors state) {
        OptimizerModules.check(modules);
        for (int i = 0; i < modules.size(); i++) {
            var formula = OptimizerModules.formula(modules.get(i));
            var name = (i + 1) + "." + modules.get(i).name();
            var vectors = formula.vectors().stream()
                    .map(vector -> state.take(name + "." + vector))
                    .toList();
            var link = new Link(name, formula, vectors, new long[1]);
            if (formula.counted()) {
                link.steps[0] = state.takeCount(link.countName());
            }
            links.add(link);
        }
    }

    public boolean isEmpty() {
        return links.isEmpty();
    }

    @Override
    public void on(List<Gradient> gradients) {
        for (var link : links) {
            link.steps[0]++;
            link.formula.begin(link.steps[0], gradients, elementwise);
            for (var gradient : gradients) {
                elementwise.apply(link.formula::on, operands(link, gradient));
            }
        }
    }

    private static Operand[] operands(Link link, Gradient gradient) {
        var operands = new ArrayList<Operand>();
        operands.add(gradient.changed());
        if (link.formula.usesWeights()) {
            operands.add(gradient.weight());
        }
        link.vectors.forEach(vector -> operands.add(vector.changed(gradient.name())));
        return operands.toArray(Operand[]::new);
    }

    /** {@code others} and what is kept, as {@link Auxiliary} vectors; views, valid until the next step. */
    public Parameters withState(Parameters others) {
        var all = others;
        for (var link : links) {
            for (int i = 0; i < link.vectors.size(); i++) {
                all = Auxiliary.with(
                        all, link.vectorName(i), link.vectors.get(i).parameters());
            }
            if (link.formula.counted()) {
                var count = Tensor.ofLongs(new long[] {link.steps[0]});
                all = Auxiliary.with(
                        all,
                        link.countName(),
                        Parameters.builder().put(KeptVectors.STEPS, count).build());
            }
        }
        return all;
    }
}
