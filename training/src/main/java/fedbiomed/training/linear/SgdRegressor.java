package fedbiomed.training.linear;

import fedbiomed.training.DataDeclaration;
import fedbiomed.training.Engine;
import fedbiomed.training.plan.PlanGuard;
import fedbiomed.vocabulary.Args;
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
    protected final Engine engine(
            DataDeclaration data, Args modelArgs, Args optimizerArgs, long seed, PlanGuard guard) {
        if (data.isClassification()) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan is an SgdRegressor but declares classes; leave .classes(...) out, or extend SgdClassifier");
        }
        var settings = SgdSettings.of(modelArgs, optimizerArgs);
        return new LinearEngine(LinearLoss.SQUARED_ERROR, data.inputs().size(), 1, settings);
    }
}
