package fedbiomed.training.linear;

import fedbiomed.training.Engine;
import fedbiomed.training.EngineSettings;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;

/**
 * Least squares by mini-batch stochastic gradient descent, as scikit-learn's {@code
 * SGDRegressor(loss="squared_error")}: half the squared error, whose gradient is the batch's mean.
 *
 * <p>Parameters, F64, zero at first: {@code coef} {@code [1, inputs]}, {@code intercept} {@code [1]}. {@code
 * model_args}: see {@link SgdSettings}.
 */
public abstract non-sealed class SgdRegressor extends LinearPlan {
    @Override
    protected final Engine engine(EngineSettings settings) {
        var data = settings.data();
        if (data.isClassification()) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan is an SgdRegressor but declares classes; leave .classes(...) out, or extend SgdClassifier");
        }
        var sgd = SgdSettings.of(settings.modelArgs(), settings.optimizerArgs());
        return new LinearEngine(LinearLoss.SQUARED_ERROR, data.inputs().size(), 1, sgd);
    }
}
