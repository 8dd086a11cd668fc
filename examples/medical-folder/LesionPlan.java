import fedbiomed.training.torch.*;
import fedbiomed.vocabulary.Args;

/** Segmentation of lesions in folders of subjects: a small 3-D convolution network on the Dice loss. */
public class LesionPlan extends TorchPlan {
    /** Depth, height and width run upwards, to the front and to the right, whatever the hospital's scanner. */
    @Override
    public TrainingData data(DatasetView dataset) {
        return dataset.tensors().input("T1w", 1, 16, 16, 16).target("dseg").segmentation("background", "lesion");
    }

    @Override
    public TorchModule model(Args args) {
        int width = args.integer("width", 8);
        return sequential(
                conv3d(1, width, 3, 1, 1),
                groupNorm(4, width),
                relu(),
                conv3d(width, width, 3, 1, 1),
                groupNorm(4, width),
                relu(),
                conv3d(width, 1, 1));
    }

    @Override
    public TorchOptimizer optimizer(TorchModule model, Args args) {
        return adamW(model, args.real("lr", 0.01));
    }

    @Override
    public TorchTensor trainingStep(TorchModule model, Batch batch) {
        var logits = model.forward(batch.input());
        return diceLoss(logits, batch.target()).add(bceWithLogits(logits, batch.target()));
    }
}
