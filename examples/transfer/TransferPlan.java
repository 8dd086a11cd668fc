import fedbiomed.training.torch.*;
import fedbiomed.vocabulary.Args;

/** Transfer learning: convolutions that were trained elsewhere stay as they are, a new head learns all ten digits. */
public class TransferPlan extends TorchPlan {
    @Override
    public TrainingData data(DatasetView dataset) {
        return dataset.tensors()
                .input("image", 1, 8, 8)
                .target("label")
                .classes("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    static class Net extends TorchModule {
        private final TorchModule backbone;
        private final TorchModule head;

        Net(boolean frozen) {
            backbone = child("backbone", sequential(
                    conv2d(1, 16, 3, 1, 1), relu(), maxPool2d(2), conv2d(16, 32, 3, 1, 1), relu(), maxPool2d(2), flatten()));
            head = child("head", linear(128, 10));
            if (frozen) {
                backbone.freeze();
            }
        }

        @Override
        public TorchTensor forward(TorchTensor image) {
            return head.forward(backbone.forward(image));
        }
    }

    @Override
    public TorchModule model(Args args) {
        return new Net(args.flag("frozen", true));
    }

    /** Where the convolutions are not frozen, they move a tenth as fast as the head. */
    @Override
    public TorchOptimizer optimizer(TorchModule model, Args args) {
        double rate = args.real("lr", 0.01);
        return adam(model, rate).rate(((Net) model).backbone, rate / 10);
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
