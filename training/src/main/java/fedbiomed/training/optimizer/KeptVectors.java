package fedbiomed.training.optimizer;

import fedbiomed.parameters.Auxiliary;
import fedbiomed.parameters.CompressedUpdate;
import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an earlier training left, taken up by name: all of it or an error, zeros only where there is no predecessor. */
final class KeptVectors {
    static final String STEPS = "steps";

    private final Parameters places;
    private final @Nullable Parameters kept;
    private final Set<String> taken = new HashSet<>();

    /** @param places the trained tensors */
    KeptVectors(Parameters places, @Nullable Parameters kept) {
        this.places = places;
        this.kept = kept;
    }

    Vector take(String vector) {
        var zeros = Vector.zeros(places);
        if (kept == null) {
            return zeros;
        }
        var values = Auxiliary.vector(kept, vector);
        try {
            zeros.parameters().requireSameStructure(values);
        } catch (FedbiomedException e) {
            throw unfit(
                    values.names().isEmpty()
                            ? "it has no '" + vector + "'"
                            : "its '" + vector + "' is not of the trained tensors' names, types and shapes",
                    e);
        }
        values.names().forEach(name -> taken.add(Auxiliary.name(vector, name)));
        return Vector.copy(values);
    }

    /** Number of steps; 0 without a predecessor. */
    long takeCount(String vector) {
        if (kept == null) {
            return 0;
        }
        var tensor = Auxiliary.vector(kept, vector).tensors().get(STEPS);
        if (tensor == null || tensor.dtype() != DType.I64 || tensor.elements() != 1) {
            throw unfit("it has no '" + vector + "'", null);
        }
        long steps = tensor.data().get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        if (steps < 0) {
            throw unfit("its '" + vector + "' is " + steps, null);
        }
        taken.add(Auxiliary.name(vector, STEPS));
        return steps;
    }

    void requireNoOther() {
        if (kept == null) {
            return;
        }
        var model = Auxiliary.model(kept).names();
        // the node's own, which compresses what leaves
        CompressedUpdate.errorIn(kept).names().forEach(name -> taken.add(Auxiliary.name(CompressedUpdate.ERROR, name)));
        for (var name : kept.names()) {
            if (!model.contains(name) && !taken.contains(name)) {
                throw unfit("it has vectors of another correction or of other optimizer modules", null);
            }
        }
    }

    private static FedbiomedException unfit(String why, @Nullable Exception cause) {
        var text =
                "what this node kept of the training that this one starts from does not fit its correction and optimizer"
                        + " modules: " + why
                        + ". Keep aggregator and optimizer_modules as they were, or begin a new experiment with this model"
                        + " (initial_model)";
        return cause == null
                ? new FedbiomedException(ErrorCode.DATA_UNFIT, text)
                : new FedbiomedException(ErrorCode.DATA_UNFIT, text, cause);
    }
}
