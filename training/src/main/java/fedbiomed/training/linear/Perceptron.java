package fedbiomed.training.linear;

import fedbiomed.training.Engine;
import fedbiomed.training.EngineSettings;

/**
 * F. Rosenblatt's perceptron as scikit-learn's: an {@link SgdClassifier} with the loss {@code perceptron}, a constant
 * learning rate of 1 and no penalty. It has no probabilities.
 *
 * <p>{@code model_args} and their defaults are scikit-learn's: {@code penalty} (none), {@code alpha} (0.0001), {@code
 * l1_ratio} (0.15), {@code fit_intercept} (true), {@code eta0} (1), {@code class_weight}.
 */
public abstract non-sealed class Perceptron extends LinearPlan {
    @Override
    protected final Engine engine(EngineSettings settings) {
        return classifier("a Perceptron", settings, SgdArguments.PERCEPTRON);
    }
}
