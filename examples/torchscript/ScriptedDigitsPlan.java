import fedbiomed.training.torch.*;
import fedbiomed.vocabulary.Args;

/** A network that was written in Python, trained on the digits. */
public class ScriptedDigitsPlan extends TorchScriptPlan {
    @Override
    public String script() {
        return "net.pt";
    }

    @Override
    public TrainingData data(DatasetView dataset) {
        return dataset.tensors()
                .input("image", 1, 8, 8)
                .target("label")
                .classes("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Override
    public TorchOptimizer optimizer(TorchModule model, Args args) {
        return adam(model, args.real("lr", 0.005));
    }

    @Override
    public Batch preprocess(Batch batch) {
        return batch.with("image", batch.input().divide(16));
    }

    @Override
    public TorchTensor trainingStep(TorchModule model, Batch batch) {
        return crossEntropy(model.forward(batch.input()), batch.target());
    }
}
