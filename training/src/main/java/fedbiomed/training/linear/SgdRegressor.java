package fedbiomed.training.linear;

import fedbiomed.training.Engine;
import fedbiomed.training.EngineSettings;

/**
 * Linear regression by mini-batch stochastic gradient descent, as scikit-learn's {@code SGDRegressor}. The gradient is
 * the batch's mean, so batches of one row make scikit-learn's steps.
 *
 * <p>{@code model_args} and their defaults are scikit-learn's: {@code loss} ({@code squared_error}; or {@code huber},
 * {@code epsilon_insensitive}, {@code squared_epsilon_insensitive}), {@code learning_rate} ({@code invscaling}), {@code
 * power_t} (0.25), the others as in {@link SgdClassifier}.
 *
 * <p>Parameters, F64, zero at first: {@code coef} {@code [1, inputs]}, {@code intercept} {@code [1]}.
 */
public abstract non-sealed class SgdRegressor extends LinearPlan {
    @Override
    protected final Engine engine(EngineSettings settings) {
        var data = settings.data();
        requireThat(
                !data.isClassification(),
                "the plan is an SgdRegressor but declares classes; leave .classes(...) out, or extend SgdClassifier");
        requireThat(!data.isSurvival(), "the plan is an SgdRegressor but declares survival times; extend CoxPlan");
        return engine(settings, SgdArguments.REGRESSOR, data);
    }
}
