package fedbiomed.training;

import fedbiomed.parameters.Parameters;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.List;

/**
 * Weights that were trained elsewhere, to begin an experiment with.
 *
 * @param parameters the whole model
 * @param notGiven names of its tensors that the file leaves out, which begin as the plan made them
 */
public record InitialWeights(Parameters parameters, List<String> notGiven) {
    /** Named of those that the file leaves out; a whole backbone may be missing. */
    private static final int MAX_NAMED = 8;

    public InitialWeights {
        notGiven = List.copyOf(notGiven);
    }

    /**
     * The plan's own initial values with the given ones in their place: PyTorch's {@code load_state_dict(strict=False)}
     * for what the file leaves out (a new head), but not for what the model lacks.
     *
     * @throws FedbiomedException {@code DATA_UNFIT} naming the first given tensor that the model lacks or that has another
     *     dtype or shape; or if nothing is given
     */
    public static InitialWeights over(Parameters own, Parameters given) {
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
        return new InitialWeights(
                merged.build(),
                own.names().stream()
                        .filter(name -> !given.tensors().containsKey(name))
                        .toList());
    }

    /** What the researcher is told of the tensors that were not given; empty if all were. */
    public String notice() {
        if (notGiven.isEmpty()) {
            return "";
        }
        var shown = String.join(", ", notGiven.subList(0, Math.min(MAX_NAMED, notGiven.size())));
        return "initial_model gives " + (parameters.names().size() - notGiven.size()) + " of the model's "
                + parameters.names().size() + " tensors; the others begin as the plan made them: "
                + Text.shown(shown, 500)
                + (notGiven.size() > MAX_NAMED ? ", and " + (notGiven.size() - MAX_NAMED) + " more" : "");
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
