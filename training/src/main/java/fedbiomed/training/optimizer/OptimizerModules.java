package fedbiomed.training.optimizer;

import fedbiomed.training.optimizer.AdaptiveFormulas.Moments;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.OptimizerModule;
import fedbiomed.vocabulary.Text;
import java.util.List;

/**
 * The modules of which a chain is made, by name. g is the gradient as the module before has left it, w the weights before
 * the step, t the number of the step from 1; everything is element by element but {@code clip_norm}.
 *
 * <ul>
 *   <li>{@code momentum} ({@code beta} 0.9): v = beta v + g; gives v (B. Polyak 1964, as {@code torch.optim.SGD})
 *   <li>{@code nesterov} ({@code beta} 0.9): v = beta v + g; gives g + beta v (Y. Nesterov 1983, in the form of Sutskever
 *       et al., ICML 2013, and {@code torch.optim.SGD})
 *   <li>{@code adam} ({@code beta_1} 0.9, {@code beta_2} 0.99, {@code eps} 1e-7, {@code amsgrad} false, {@code
 *       bias_correction} true): m = beta_1 m + (1 - beta_1) g, v = beta_2 v + (1 - beta_2) g^2; gives m' / (sqrt(v') +
 *       eps) with m' = m / (1 - beta_1^t), v' = v / (1 - beta_2^t) (Kingma and Ba, ICLR 2015); with {@code amsgrad} v'
 *       is of the largest v so far (Reddi et al., ICLR 2018)
 *   <li>{@code yogi} (as {@code adam}, without {@code amsgrad}): v = v - (1 - beta_2) sign(v - g^2) g^2 (Zaheer et al.,
 *       NeurIPS 2018)
 *   <li>{@code adagrad} ({@code eps} 1e-7): s = s + g^2; gives g / (sqrt(s) + eps) (Duchi et al., JMLR 2011)
 *   <li>{@code rmsprop} ({@code beta} 0.9, {@code eps} 1e-7): s = beta s + (1 - beta) g^2; gives g / (sqrt(s) + eps)
 *       (Tieleman and Hinton 2012)
 *   <li>{@code clip_norm} ({@code max_norm}, no default): g max_norm / |g| where |g|, the Euclidean norm over all tensors
 *       together, is larger than max_norm (Pascanu et al., ICML 2013)
 *   <li>{@code clip_value} ({@code max}, no default): each element from -max to max
 *   <li>{@code ridge} ({@code alpha} 0.01): g + 2 alpha w, the gradient of alpha |w|^2 (not of its half)
 *   <li>{@code lasso} ({@code alpha} 0.01): g + alpha sign(w), the gradient of alpha |w|_1
 * </ul>
 */
public final class OptimizerModules {
    /** Of all modules of a chain together: three Adams are no sensible chain, and a node's disk is finite. */
    public static final int MAX_KEPT_VECTORS = 8;

    private static final String NAMES =
            "momentum, nesterov, adam, yogi, adagrad, rmsprop, clip_norm, clip_value, ridge, lasso";
    private static final double BETA = 0.9;
    private static final double BETA_2 = 0.99;
    private static final double EPSILON = 1e-7;
    private static final double ALPHA = 0.01;

    private OptimizerModules() {}

    /**
     * That a chain can be made of these.
     *
     * @throws FedbiomedException {@code UNSUPPORTED} naming the module or argument that is unknown, out of its range or
     *     missing
     */
    public static void check(List<OptimizerModule> modules) {
        keptVectors(modules);
    }

    /** How many vectors of the model's size stay from step to step. */
    public static int keptVectors(List<OptimizerModule> modules) {
        int kept = modules.stream()
                .mapToInt(module -> formula(module).vectors().size())
                .sum();
        if (kept > MAX_KEPT_VECTORS) {
            throw NamedArguments.refused("optimizer_modules keep " + kept
                    + " vectors of the model's size together; at most " + MAX_KEPT_VECTORS + " are allowed");
        }
        return kept;
    }

    static GradientFormula formula(OptimizerModule module) {
        var arguments = new NamedArguments("the optimizer module '" + Text.shown(module.name()) + "'", module.args());
        GradientFormula formula = switch (module.name()) {
            case "momentum" -> new PlainFormulas.Momentum(arguments.decay("beta", BETA), false);
            case "nesterov" -> new PlainFormulas.Momentum(arguments.decay("beta", BETA), true);
            case "adam" -> new AdaptiveFormulas.Adam(moments(arguments), arguments.flag("amsgrad", false));
            case "yogi" -> new AdaptiveFormulas.Yogi(moments(arguments));
            case "adagrad" -> new AdaptiveFormulas.Adagrad(arguments.positive("eps", EPSILON));
            case "rmsprop" ->
                new AdaptiveFormulas.RmsProp(arguments.decay("beta", BETA), arguments.positive("eps", EPSILON));
            case "clip_norm" -> new PlainFormulas.ClipNorm(arguments.required("max_norm"));
            case "clip_value" -> new PlainFormulas.ClipValue(arguments.required("max"));
            case "ridge" -> new PlainFormulas.Ridge(arguments.notNegative("alpha", ALPHA));
            case "lasso" -> new PlainFormulas.Lasso(arguments.notNegative("alpha", ALPHA));
            default ->
                throw NamedArguments.refused(
                        "there is no optimizer module '" + Text.shown(module.name()) + "'; there are " + NAMES);
        };
        arguments.requireNoOther();
        return formula;
    }

    private static Moments moments(NamedArguments arguments) {
        return new Moments(
                arguments.decay("beta_1", BETA),
                arguments.decay("beta_2", BETA_2),
                arguments.positive("eps", EPSILON),
                arguments.flag("bias_correction", true));
    }
}
