package fedbiomed.training.linear;

import fedbiomed.training.DataDeclaration;
import fedbiomed.training.Engine;
import fedbiomed.training.EngineSettings;
import fedbiomed.training.TrainingPlan;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;

/**
 * What plans with a linear model have in common. A plan extends {@link SgdClassifier}, {@link SgdRegressor}, {@link
 * Perceptron} or {@link CoxPlan}.
 */
public abstract sealed class LinearPlan extends TrainingPlan permits SgdClassifier, SgdRegressor, Perceptron, CoxPlan {
    LinearPlan() {}

    static Engine classifier(String family, EngineSettings settings, SgdArguments arguments) {
        var data = settings.data();
        requireThat(
                data.isClassification(),
                "the plan is " + family + " but declares no classes; write e.g. .classes(\"0\", \"1\"), or extend"
                        + " SgdRegressor");
        return engine(settings, arguments, data);
    }

    static Engine engine(EngineSettings settings, SgdArguments arguments, DataDeclaration data) {
        return new LinearEngine(
                arguments.objective(settings.modelArgs(), settings.optimizerArgs(), data.classes()),
                arguments.settings(settings.modelArgs(), settings.optimizerArgs()),
                data.width(),
                data.classes().size());
    }

    static void requireThat(boolean holds, String otherwise) {
        if (!holds) {
            throw new FedbiomedException(ErrorCode.PLAN_INVALID, otherwise);
        }
    }
}
