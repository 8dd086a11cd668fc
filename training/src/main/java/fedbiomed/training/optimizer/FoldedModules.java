package fedbiomed.training.optimizer;

import fedbiomed.training.optimizer.PlainFormulas.ClipNorm;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.OptimizerModule;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link OptimizerModules} for what does not fit into memory: a step goes over stretches of elements, in any order and by
 * several threads, and whoever calls it keeps the vectors.
 */
public final class FoldedModules {
    private final List<GradientFormula> formulas;
    private final List<String> vectors = new ArrayList<>();

    /**
     * @throws FedbiomedException {@code UNSUPPORTED} as {@link OptimizerModules#check}, or where {@code clip_norm}, which
     *     has to know the norm before the first element, is not the first
     */
    public FoldedModules(List<OptimizerModule> modules) {
        OptimizerModules.check(modules);
        formulas = modules.stream().map(OptimizerModules::formula).toList();
        for (int i = 0; i < formulas.size(); i++) {
            if (i > 0 && formulas.get(i) instanceof ClipNorm) {
                throw NamedArguments.refused("at the server 'clip_norm' has to be the first module");
            }
            for (var vector : formulas.get(i).vectors()) {
                vectors.add((i + 1) + "." + modules.get(i).name() + "." + vector);
            }
        }
    }

    /** Names of what is kept from step to step; unique, zero at first. */
    public List<String> vectors() {
        return List.copyOf(vectors);
    }

    public boolean needsNorm() {
        return !formulas.isEmpty() && formulas.getFirst() instanceof ClipNorm;
    }

    /** Before a step. @param step from 1; @param norm of the whole gradient, where {@link #needsNorm} */
    public void begin(long step, double norm) {
        for (var formula : formulas) {
            if (formula instanceof ClipNorm clip) {
                clip.begin(norm);
            } else {
                formula.begin(step, List.of(), new Elementwise());
            }
        }
    }

    /**
     * A stretch of a step.
     *
     * @param gradient is changed
     * @param weights before the step
     * @param kept a row a vector, in the order of {@link #vectors}; is changed
     * @param n so many elements count
     */
    public void on(double[] gradient, double[] weights, double[][] kept, int n) {
        int next = 0;
        for (var formula : formulas) {
            var x = new ArrayList<double[]>();
            x.add(gradient);
            if (formula.usesWeights()) {
                x.add(weights);
            }
            for (int i = 0; i < formula.vectors().size(); i++) {
                x.add(kept[next++]);
            }
            formula.on(x.toArray(double[][]::new), n);
        }
    }
}
