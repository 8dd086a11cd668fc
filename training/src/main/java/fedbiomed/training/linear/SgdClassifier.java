package fedbiomed.training.linear;

import fedbiomed.training.Engine;
import fedbiomed.training.EngineSettings;

/**
 * A linear classifier by mini-batch stochastic gradient descent, as scikit-learn's {@code SGDClassifier}: one model for
 * two classes, one model a class for more: each against the rest, or ({@code multi_class: multinomial}, with {@code
 * log_loss}) all by the softmax of their outputs, as scikit-learn's {@code LogisticRegression}. The gradient is the batch's mean, so batches of one
 * row make scikit-learn's steps.
 *
 * <p>{@code model_args} and their defaults are scikit-learn's: {@code loss} ({@code hinge}; for probabilities take
 * {@code log_loss} or {@code modified_huber}), {@code penalty} ({@code l2}), {@code alpha} (0.0001), {@code l1_ratio}
 * (0.15), {@code fit_intercept} (true), {@code epsilon} (0.1), {@code learning_rate} ({@code optimal}), {@code eta0}
 * (0.01), {@code power_t} (0.5), {@code class_weight} (a map from class to weight), {@code multi_class} ({@code ovr}),
 * {@code average} (false; true or the
 * step from which on the weights are averaged, counted in each round), and for {@code adaptive} {@code tol} (0.001) and
 * {@code n_iter_no_change} (5).
 *
 * <p>Parameters, F64, zero at first: {@code coef} {@code [1 or classes, inputs]}, {@code intercept} {@code [1 or
 * classes]}.
 */
public abstract non-sealed class SgdClassifier extends LinearPlan {
    @Override
    protected final Engine engine(EngineSettings settings) {
        return classifier("an SgdClassifier", settings, SgdArguments.CLASSIFIER);
    }
}
