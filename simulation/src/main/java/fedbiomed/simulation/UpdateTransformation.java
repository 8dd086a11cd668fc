package fedbiomed.simulation;

import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PartyId;
import java.util.random.RandomGenerator;

/**
 * What a hostile or broken node makes of its trained model before it sends it; its own node's checks do not see it. The
 * usual attacks of the literature on Byzantine-robust aggregation (Blanchard et al. 2017; Yin et al. 2018) are here.
 */
@FunctionalInterface
public interface UpdateTransformation {
    /**
     * A training's outcome.
     *
     * @param global the model that the round began with
     * @param trained the node's own, with the same tensors
     * @param random drawn from the federation's seed, the node's name and the round
     */
    record Update(PartyId node, int round, Parameters global, Parameters trained, RandomGenerator random) {}

    /** What is sent instead of {@link Update#trained}. */
    Parameters of(Update update);

    /** One number of a model. */
    @FunctionalInterface
    interface Element {
        double of(double global, double trained, RandomGenerator random);
    }

    /** The change of the model with its sign turned: global - (trained - global). */
    static UpdateTransformation signFlip() {
        return scale(-1);
    }

    /** {@code factor} times the change of the model: global + factor · (trained - global). */
    static UpdateTransformation scale(double factor) {
        return elements((global, trained, _) -> global + factor * (trained - global));
    }

    /** Normal noise added to every number. */
    static UpdateTransformation noise(double standardDeviation) {
        if (!(standardDeviation >= 0)) {
            throw new IllegalArgumentException("a standard deviation is at least 0, not " + standardDeviation);
        }
        return elements((_, trained, random) -> trained + standardDeviation * random.nextGaussian());
    }

    /** Not a number, everywhere. */
    static UpdateTransformation nan() {
        return elements((_, _, _) -> Double.NaN);
    }

    /** Each number of the F32 and F64 tensors by itself; tensors of whole numbers stay as they are. */
    static UpdateTransformation elements(Element element) {
        return update -> {
            var sent = Parameters.builder();
            update.trained().tensors().forEach((name, trained) -> {
                var global = update.global().get(name);
                sent.put(name, transformed(name, global, trained, element, update.random()));
            });
            return sent.build().withMetadata(update.trained().metadata());
        };
    }

    private static Tensor transformed(
            String name, Tensor global, Tensor trained, Element element, RandomGenerator random) {
        if (!trained.dtype().isFloating()) {
            return trained;
        }
        var values = trained.toDoubles();
        var before = global.toDoubles();
        for (int i = 0; i < values.length; i++) {
            values[i] = element.of(before[i], values[i], random);
        }
        if (trained.dtype() == DType.F64) {
            return Tensor.ofDoubles(values, trained.shape());
        }
        if (trained.dtype() != DType.F32) {
            throw new FedbiomedException(
                    ErrorCode.UNSUPPORTED,
                    "the tensor '" + name + "' is of " + trained.dtype()
                            + "; updates are transformed element by element as F32 or F64: write a transformation of"
                            + " your own");
        }
        var floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return Tensor.ofFloats(floats, trained.shape());
    }
}
