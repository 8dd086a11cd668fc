import fedbiomed.training.torch.*;
import fedbiomed.vocabulary.Args;

/** Logistic regression of case or control on the dosages of sixty variants. */
public class RiskPlan extends TorchPlan {
    @Override
    public TrainingData data(DatasetView dataset) {
        return dataset.tensors().input("dosage", 60).target("status").classes("control", "case");
    }

    @Override
    public TorchModule model(Args args) {
        return linear(60, 2);
    }

    @Override
    public TorchOptimizer optimizer(TorchModule model, Args args) {
        return sgd(model, args.real("lr", 0.1));
    }

    /** Around 0, where a variant's own frequency is not known: 1 is one alternative allele. */
    @Override
    public Batch preprocess(Batch batch) {
        return batch.with("dosage", batch.input("dosage").subtract(1));
    }

    @Override
    public TorchTensor trainingStep(TorchModule model, Batch batch) {
        return crossEntropy(model.forward(batch.input("dosage")), batch.target("status"));
    }
}
