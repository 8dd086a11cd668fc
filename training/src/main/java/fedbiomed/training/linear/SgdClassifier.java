package fedbiomed.training.linear;

import fedbiomed.training.Engine;
import fedbiomed.training.EngineSettings;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;

/**
 * Logistic regression by mini-batch stochastic gradient descent, as scikit-learn's {@code
 * SGDClassifier(loss="log_loss")}: one model for two classes, one model a class (one against the rest) for more, whose
 * probabilities are then normalised. The gradient is the batch's mean, so batches of one row make scikit-learn's steps.
 *
 * <p>Parameters, F64, zero at first: {@code coef} {@code [1 or classes, inputs]}, {@code intercept} {@code [1 or
 * classes]}. {@code model_args}: see {@link SgdSettings}.
 */
public abstract non-sealed class SgdClassifier extends LinearPlan {
    @Override
    protected final Engine engine(EngineSettings settings) {
        var data = settings.data();
        if (!data.isClassification()) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan is an SgdClassifier but declares no classes; write e.g. .classes(\"0\", \"1\"), or extend"
                            + " SgdRegressor");
        }
        int k = data.classes().size();
        var sgd = SgdSettings.of(settings.modelArgs(), settings.optimizerArgs());
        return new LinearEngine(LinearLoss.LOG, data.inputs().size(), k == 2 ? 1 : k, sgd);
    }
}
