import fedbiomed.training.torch.*;
import fedbiomed.vocabulary.Args;

/** A convolutional network for images of handwritten digits, 8 by 8 pixels of 0 to 16. */
public class DigitsPlan extends TorchPlan {
    @Override
    public TrainingData data(DatasetView dataset) {
        return dataset.tensors()
                .input("image", 1, 8, 8)
                .target("label")
                .classes("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Override
    public TorchModule model(Args args) {
        int channels = args.integer("channels", 16);
        return sequential(
                conv2d(1, channels, 3, 1, 1), batchNorm2d(channels), relu(), maxPool2d(2),
                conv2d(channels, 2 * channels, 3, 1, 1), relu(), maxPool2d(2),
                flatten(), dropout(0.2), linear(8 * channels, 10));
    }

    @Override
    public TorchOptimizer optimizer(TorchModule model, Args args) {
        return adam(model, cosineRate(args.real("lr", 0.003), args.integer("rounds", 10)));
    }

    @Override
    public Batch preprocess(Batch batch) {
        return batch.with("image", batch.input("image").divide(16));
    }

    @Override
    public TorchTensor trainingStep(TorchModule model, Batch batch) {
        return crossEntropy(model.forward(batch.input("image")), batch.target("label"));
    }
}
