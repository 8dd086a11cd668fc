package fedbiomed.researcher.aggregator;

import fedbiomed.training.optimizer.FoldedModules;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.OptimizerModule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A server optimizer of one's own composition (Reddi et al., "Adaptive Federated Optimization", ICLR 2021, algorithm 1):
 * {@code x - mean(y_i)} is taken for a gradient, goes through the {@link fedbiomed.training.optimizer.OptimizerModules},
 * and {@code x <- x - eta_g g}. What the modules keep is part of the breakpoint.
 *
 * @param modules in their order; {@code clip_norm} only as the first
 * @param serverLearningRate {@code eta_g}; 1 unless said
 * @param weighting of the mean; samples unless said
 */
public record FedOpt(List<OptimizerModule> modules, double serverLearningRate, Weighting weighting)
        implements Aggregator {
    public static final String NAME = "fedopt";
    static final String MODULES = "modules";
    private static final String STEPS = "steps";

    public FedOpt {
        modules = List.copyOf(modules);
        Argument.requirePositive(Argument.SERVER_LEARNING_RATE, serverLearningRate);
        var _ = new FoldedModules(modules);
    }

    static FedOpt of(Args arguments) {
        var modules = new ArrayList<OptimizerModule>();
        switch (arguments.values().get(MODULES)) {
            case null -> {}
            case List<?> given -> given.forEach(module -> modules.add(module(module)));
            case Object other -> throw notModules(other);
        }
        return new FedOpt(
                modules, arguments.real(Argument.SERVER_LEARNING_RATE, 1), Weighting.in(arguments, Weighting.SAMPLES));
    }

    /** A name, or a name with arguments. */
    private static OptimizerModule module(Object given) {
        if (given instanceof String name) {
            return new OptimizerModule(name, Args.NONE);
        }
        if (!(given instanceof Map<?, ?> keys) || !(keys.get("name") instanceof String name)) {
            throw notModules(given);
        }
        var arguments = new TreeMap<String, Object>();
        keys.forEach((key, value) -> {
            if (!key.equals("name") && value != null) {
                arguments.put(String.valueOf(key), value);
            }
        });
        return new OptimizerModule(name, new Args(arguments));
    }

    private static IllegalArgumentException notModules(Object given) {
        return new IllegalArgumentException(
                "aggregator.modules must be a list of names, or of keys with a name, e.g. [{name: clip_norm, max_norm: 1},"
                        + " adam], not " + given);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Args arguments() {
        var written = new ArrayList<Map<String, Object>>();
        for (var module : modules) {
            var keys = new TreeMap<>(module.args().values());
            keys.put("name", module.name());
            written.add(keys);
        }
        return new Args(Map.of(
                MODULES,
                written,
                Argument.SERVER_LEARNING_RATE,
                serverLearningRate,
                Weighting.ARGUMENT,
                weighting.text()));
    }

    @Override
    public List<String> stateVectors() {
        return new FoldedModules(modules).vectors();
    }

    @Override
    public Args aggregate(AggregationRound round) {
        var weights = weighting.of(round.updates());
        var chain = new FoldedModules(modules);
        var vectors = chain.vectors();
        int step = round.state().integer(STEPS, 0) + 1;
        chain.begin(step, chain.needsNorm() ? norm(round, weights) : 0);
        round.foldTrained(view -> {
            var next = view.next();
            var global = view.global();
            view.mean(weights, next);
            var kept = new double[vectors.size()][];
            for (int v = 0; v < kept.length; v++) {
                kept[v] = view.nextState(vectors.get(v));
                System.arraycopy(view.state(vectors.get(v)), 0, kept[v], 0, view.size());
            }
            for (int i = 0; i < view.size(); i++) {
                next[i] = global[i] - next[i];
            }
            chain.on(next, global, kept, view.size());
            for (int i = 0; i < view.size(); i++) {
                next[i] = global[i] - serverLearningRate * next[i];
            }
        });
        return new Args(Map.of(STEPS, step));
    }

    private static double norm(AggregationRound round, double[] weights) {
        return Math.sqrt(round.sums(1, (sums, view) -> {
            if (round.isTrained(view.tensor())) {
                var mean = new double[view.size()];
                view.mean(weights, mean);
                for (int i = 0; i < mean.length; i++) {
                    double change = view.global()[i] - mean[i];
                    sums[0] += change * change;
                }
            }
        })[0]);
    }
}
