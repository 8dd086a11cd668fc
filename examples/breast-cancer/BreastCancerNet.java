import fedbiomed.training.torch.*;
import fedbiomed.vocabulary.Args;

/** A small neural network in PyTorch for the same question as BreastCancerPlan. */
public class BreastCancerNet extends TorchPlan {
    private static final String[] MEASURES = {
        "mean_radius", "mean_texture", "mean_perimeter", "mean_area", "mean_smoothness",
        "mean_compactness", "mean_concavity", "mean_concave_points", "mean_symmetry", "mean_fractal_dimension",
        "se_radius", "se_texture", "se_perimeter", "se_area", "se_smoothness",
        "se_compactness", "se_concavity", "se_concave_points", "se_symmetry", "se_fractal_dimension",
        "worst_radius", "worst_texture", "worst_perimeter", "worst_area", "worst_smoothness",
        "worst_compactness", "worst_concavity", "worst_concave_points", "worst_symmetry", "worst_fractal_dimension"
    };

    @Override
    public TrainingData data(DatasetView dataset) {
        return dataset.table().inputs(MEASURES).standardise().target("diagnosis").classes("benign", "malignant");
    }

    @Override
    public TorchModule model(Args args) {
        int hidden = args.integer("hidden", 16);
        return sequential(linear(MEASURES.length, hidden), relu(), linear(hidden, 2));
    }

    @Override
    public TorchOptimizer optimizer(TorchModule model, Args args) {
        return sgd(model, args.real("lr", 0.1), 0, args.real("weight_decay", 0.03));
    }

    @Override
    public TorchTensor trainingStep(TorchModule model, Batch batch) {
        return crossEntropy(model.forward(batch.input()), batch.target());
    }
}
