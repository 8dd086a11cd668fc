package fedbiomed.training;

import fedbiomed.parameters.Parameters;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;

/** Weights that were trained elsewhere, to begin an experiment with. */
public final class InitialWeights {
    private InitialWeights() {}

    /**
     * The plan's own initial values with the given ones in their place. A part that the file leaves out (a new head)
     * begins as the plan made it.
     *
     * @throws FedbiomedException {@code DATA_UNFIT} naming the first given tensor that the model lacks or that has another
     *     dtype or shape; or if nothing is given
     */
    public static Parameters over(Parameters own, Parameters given) {
        if (given.names().isEmpty()) {
            throw unfit("the file of initial weights holds no tensor");
        }
        given.tensors().forEach((name, tensor) -> {
            var mine = own.tensors().get(name);
            if (mine == null || mine.dtype() != tensor.dtype() || !mine.sameShape(tensor)) {
                throw unfit("the initial weights' tensor '" + Text.shown(name) + "' is " + tensor + ", the model has "
                        + (mine == null ? "none of that name" : mine.toString())
                        + "; leave it out of the file, or rename the model's parts");
            }
        });
        var merged = Parameters.builder();
        own.tensors().forEach((name, mine) -> merged.put(name, given.tensors().getOrDefault(name, mine)));
        return merged.build();
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
