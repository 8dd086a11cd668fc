package fedbiomed.training.linear;

import fedbiomed.training.TrainingPlan;

/** What plans with a linear model have in common. A plan extends {@link SgdClassifier} or {@link SgdRegressor}. */
public abstract sealed class LinearPlan extends TrainingPlan permits SgdClassifier, SgdRegressor {
    LinearPlan() {}
}
