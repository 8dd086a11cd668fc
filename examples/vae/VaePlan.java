import fedbiomed.training.torch.*;
import fedbiomed.vocabulary.Args;
import java.util.List;
import java.util.Map;

/** A variational auto-encoder (Kingma and Welling, ICLR 2014): no target, the image itself is to be drawn again. */
public class VaePlan extends TorchPlan {
    @Override
    public TrainingData data(DatasetView dataset) {
        return dataset.tensors().input("image", 1, 8, 8);
    }

    static class Vae extends TorchModule {
        private final TorchModule encoder;
        private final TorchModule mean;
        private final TorchModule logVariance;
        private final TorchModule decoder;

        Vae(int hidden, int latent) {
            encoder = child("encoder", sequential(flatten(), linear(64, hidden), relu()));
            mean = child("mean", linear(hidden, latent));
            logVariance = child("log_variance", linear(hidden, latent));
            decoder = child("decoder", sequential(
                    linear(latent, hidden), relu(), linear(hidden, 64), unflatten(1, 8, 8)));
        }

        /** The image that the code's mean stands for, in logits. */
        @Override
        public TorchTensor forward(TorchTensor image) {
            return decoder.forward(mean.forward(encoder.forward(image)));
        }
    }

    @Override
    public TorchModule model(Args args) {
        return new Vae(args.integer("hidden", 64), args.integer("latent", 8));
    }

    @Override
    public TorchOptimizer optimizer(TorchModule model, Args args) {
        return adam(model, args.real("lr", 0.002));
    }

    @Override
    public Batch preprocess(Batch batch) {
        return batch.with("image", batch.input().divide(16));
    }

    /** The negative evidence lower bound, in nats an image. */
    @Override
    public TorchTensor trainingStep(TorchModule model, Batch batch) {
        var vae = (Vae) model;
        var code = vae.encoder.forward(batch.input());
        var mean = vae.mean.forward(code);
        var logVariance = vae.logVariance.forward(code);
        var drawn = vae.decoder.forward(reparameterise(mean, logVariance));
        var reconstruction = bceWithLogits(drawn, batch.input()).multiply(64);
        return reconstruction.add(klToStandardNormal(mean, logVariance));
    }

    @Override
    public List<String> testingMetrics() {
        return List.of("negative_elbo", "reconstruction_mse");
    }

    @Override
    public Map<String, TorchTensor> testingStep(TorchModule model, Batch batch) {
        return Map.of(
                "negative_elbo", trainingStep(model, batch),
                "reconstruction_mse", mseLoss(model.forward(batch.input()).sigmoid(), batch.input()));
    }
}
