import fedbiomed.training.torch.*;
import fedbiomed.vocabulary.Args;
import java.util.List;
import java.util.Map;

/** Segmentation of volumes by a small 3-D U-Net (Cicek et al., MICCAI 2016), trained on the Dice loss. */
public class UNet3dPlan extends TorchPlan {
    @Override
    public TrainingData data(DatasetView dataset) {
        return dataset.tensors().input("image", 1, 16, 16, 16).target("mask");
    }

    /** Two convolutions. Group normalisation, since a batch of volumes is too small for batch normalisation. */
    static TorchModule block(int in, int out) {
        return sequential(
                conv3d(in, out, 3, 1, 1), groupNorm(4, out), relu(), conv3d(out, out, 3, 1, 1), groupNorm(4, out), relu());
    }

    static class UNet extends TorchModule {
        private final TorchModule down1;
        private final TorchModule down2;
        private final TorchModule bottom;
        private final TorchModule up2;
        private final TorchModule join2;
        private final TorchModule up1;
        private final TorchModule join1;
        private final TorchModule head;
        private final TorchModule pool = maxPool3d(2);

        UNet(int width) {
            down1 = child("down1", block(1, width));
            down2 = child("down2", block(width, 2 * width));
            bottom = child("bottom", block(2 * width, 4 * width));
            up2 = child("up2", convTranspose3d(4 * width, 2 * width, 2, 2));
            join2 = child("join2", block(4 * width, 2 * width));
            up1 = child("up1", convTranspose3d(2 * width, width, 2, 2));
            join1 = child("join1", block(2 * width, width));
            head = child("head", conv3d(width, 1, 1));
        }

        /** Logits of the mask, in the image's shape. */
        @Override
        public TorchTensor forward(TorchTensor image) {
            var high = down1.forward(image);
            var middle = down2.forward(pool.forward(high));
            var low = bottom.forward(pool.forward(middle));
            var back = join2.forward(concat(1, middle, up2.forward(low)));
            return head.forward(join1.forward(concat(1, high, up1.forward(back))));
        }
    }

    @Override
    public TorchModule model(Args args) {
        return new UNet(args.integer("width", 4));
    }

    @Override
    public TorchOptimizer optimizer(TorchModule model, Args args) {
        return adamW(model, args.real("lr", 0.005));
    }

    @Override
    public Batch preprocess(Batch batch) {
        return batch.with("image", batch.input().divide(255));
    }

    @Override
    public TorchTensor trainingStep(TorchModule model, Batch batch) {
        var logits = model.forward(batch.input());
        return diceLoss(logits, batch.target()).add(bceWithLogits(logits, batch.target()));
    }

    @Override
    public List<String> testingMetrics() {
        return List.of("mean_dice");
    }

    @Override
    public Map<String, TorchTensor> testingStep(TorchModule model, Batch batch) {
        return Map.of("mean_dice", diceScore(model.forward(batch.input()), batch.target()));
    }
}
