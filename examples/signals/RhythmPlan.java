import fedbiomed.training.torch.*;
import fedbiomed.vocabulary.Args;

/** A 1-D convolutional network that tells atrial fibrillation in four seconds of two leads, in mV at 50 Hz. */
public class RhythmPlan extends TorchPlan {
    @Override
    public TrainingData data(DatasetView dataset) {
        return dataset.tensors().input("signal", 2, 200).target("label").classes("(N", "(AFIB");
    }

    @Override
    public TorchModule model(Args args) {
        int channels = args.integer("channels", 16);
        return sequential(
                conv1d(2, channels, 9, 2, 4), batchNorm1d(channels), relu(),
                conv1d(channels, channels, 9, 2, 4), batchNorm1d(channels), relu(),
                conv1d(channels, channels, 9, 2, 4), relu(),
                flatten(), dropout(0.2), linear(25 * channels, 2));
    }

    @Override
    public TorchOptimizer optimizer(TorchModule model, Args args) {
        return adam(model, args.real("lr", 0.003));
    }

    /** The baseline wanders: each lead of each window has its own mean taken off. */
    @Override
    public Batch preprocess(Batch batch) {
        var signal = batch.input("signal");
        return batch.with("signal", signal.subtract(signal.mean(2).unsqueeze(2)));
    }

    @Override
    public TorchTensor trainingStep(TorchModule model, Batch batch) {
        return crossEntropy(model.forward(batch.input("signal")), batch.target("label"));
    }
}
