package fedbiomed.training.linear;

import fedbiomed.training.Engine;
import fedbiomed.training.EngineSettings;

/**
 * D. Cox's proportional hazards model by stochastic gradient descent: the hazard at inputs x is exp(coef x) times a
 * baseline that is not estimated. The loss of a batch is the negative log partial likelihood by its rows, ties after N.
 * Breslow. {@code data} names the columns: {@code .survival("time", "event")}.
 *
 * <p>A row is only compared with rows of its own batch that were still at risk: with batches of all rows it is the
 * classical likelihood of the node's rows, with smaller ones an estimate of it whose risk sets are samples. Patients of
 * different nodes are never compared, so the federation's model is that of a likelihood stratified by node: each may
 * have a baseline hazard of its own.
 *
 * <p>{@code model_args}: {@code penalty} (none; {@code alpha} is lifelines' {@code penalizer}), {@code alpha} (0.0001),
 * {@code l1_ratio} (0.15), {@code learning_rate} ({@code constant}, {@code invscaling} or {@code adaptive}), {@code eta0}
 * (0.1), {@code power_t} (0.5), {@code tol} (0.001), {@code n_iter_no_change} (5).
 *
 * <p>Parameters, F64, zero at first: {@code coef} {@code [1, inputs]}. A prediction is coef x: the log of the hazard's
 * ratio to that of a patient whose prepared inputs are zero (of all means, where they are standardised).
 */
public abstract non-sealed class CoxPlan extends LinearPlan {
    @Override
    protected final Engine engine(EngineSettings settings) {
        var data = settings.data();
        requireThat(
                data.isSurvival(),
                "the plan is a CoxPlan but declares no survival times; write e.g. .survival(\"time\", \"event\")"
                        + " instead of .target(...)");
        var sgd = SgdArguments.COX.settings(settings.modelArgs(), settings.optimizerArgs());
        return new CoxEngine(sgd, data.width());
    }
}
