package fedbiomed.parameters;

import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Arithmetic over whole models, chunk by chunk on all cores. Files are mapped and results written as they arise, so
 * the heap grows neither with the model nor with the number of files; the result does not depend on the scheduling of threads.
 */
public final class VectorMath {
    private VectorMath() {}

    /**
     * The weighted mean of equally structured models, {@code sum(weight * x) / sum(weight)}, summed in binary64 in the
     * list's order and rounded once to each tensor's dtype (F16 and BF16 by way of F32). Integer and bool tensors are the
     * first file's. The order of tensors is the first file's. (McMahan et al. 2017, "Communication-Efficient Learning of
     * Deep Networks from Decentralized Data", with sample counts as weights.)
     *
     * @param weights one a file, finite, not negative, not all zero; they need not sum to 1
     * @param metadata of the written file; the files' own is dropped
     * @param out written aside and renamed; may be one of {@code updates}
     * @throws FedbiomedException DATA_UNFIT if the structures differ, naming file and tensor; as
     *     {@link Safetensors#open} and {@link Safetensors#write}
     */
    public static void weightedMean(List<Path> updates, double[] weights, Map<String, String> metadata, Path out) {
        checkWeights(updates, weights);
        combine(updates, weights, metadata, out);
    }

    /**
     * The step from {@code start} to {@code update}, made from another model: {@code onto + (update - start)}, computed in
     * binary64 and rounded once to each tensor's dtype. Integer and bool tensors are {@code update}'s. (How an update of
     * an earlier model is added to a later one: Nguyen et al. 2022, "Federated Learning with Buffered Asynchronous
     * Aggregation".)
     *
     * @param out written aside and renamed
     * @throws FedbiomedException as {@link #weightedMean}
     */
    public static void rebased(Path update, Path start, Path onto, Map<String, String> metadata, Path out) {
        combine(List.of(update, onto, start), new double[] {1, 1, -1}, metadata, out);
    }

    /** {@code sum(weight * x) / sum(weight)}. */
    private static void combine(List<Path> updates, double[] weights, Map<String, String> metadata, Path out) {
        var mapped = new ArrayList<MappedParameters>();
        try {
            for (var update : updates) {
                mapped.add(Safetensors.open(update));
            }
            var models = mapped.stream().map(MappedParameters::parameters).toList();
            // vectors that came with one stay as they are
            checkStructures(updates, models.stream().map(Auxiliary::model).toList());
            double sum = Arrays.stream(weights).sum();
            new ModelFold(models.getFirst(), models)
                    .write(List.of(new ModelFold.Target(out, List.of(ModelFold.Target.MODEL), metadata)), part -> {
                        var mean = part.out(0);
                        part.weightedSum(0, weights, mean);
                        for (int i = 0; i < part.size(); i++) {
                            mean[i] /= sum;
                        }
                    });
        } finally {
            mapped.forEach(MappedParameters::close);
        }
    }

    private static void checkWeights(List<Path> updates, double[] weights) {
        if (updates.isEmpty() || updates.size() != weights.length) {
            throw new IllegalArgumentException("a weighted mean needs as many weights as updates and at least one, not "
                    + weights.length + " and " + updates.size());
        }
        double sum = Arrays.stream(weights).sum();
        if (!(sum > 0 && sum < Double.POSITIVE_INFINITY)
                || Arrays.stream(weights).anyMatch(w -> w < 0)) {
            throw new IllegalArgumentException(
                    "weights are finite, not negative and not all zero, not " + Arrays.toString(weights));
        }
    }

    private static void checkStructures(List<Path> updates, List<Parameters> models) {
        for (int i = 1; i < models.size(); i++) {
            try {
                models.getFirst().requireSameStructure(models.get(i));
            } catch (FedbiomedException e) {
                throw new FedbiomedException(
                        e.code(),
                        updates.getFirst().getFileName() + " and "
                                + updates.get(i).getFileName() + ": " + e.text(),
                        e);
            }
        }
    }

    /**
     * That no floating element is NaN or infinite.
     *
     * @param whose begins the error's text, e.g. {@code the update of hospital-a}
     * @throws FedbiomedException DATA_UNFIT naming the first tensor in order that has such an element
     */
    public static void requireFinite(Parameters parameters, String whose) {
        var tensors = parameters.tensors();
        var chunks = Chunk.of(parameters);
        var firstBad = new AtomicInteger(Integer.MAX_VALUE);
        try {
            Chunk.forEach(chunks, Chunk.elements(chunks), () -> {
                var elements = new Elements();
                return chunk -> {
                    var tensor = tensors.get(chunk.name());
                    if (tensor != null && !elements.allFinite(tensor, chunk.from(), chunk.elements())) {
                        firstBad.accumulateAndGet(chunk.tensor(), Math::min);
                    }
                };
            });
        } catch (IOException e) {
            throw new FedbiomedException(ErrorCode.INTERNAL, "reading " + whose + " failed", e);
        }
        if (firstBad.get() < tensors.size()) {
            var name =
                    parameters.names().stream().skip(firstBad.get()).findFirst().orElseThrow();
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    whose + " has NaN or infinite values in tensor '" + Text.shown(name)
                            + "': training diverged; try a smaller learning rate, or standardise the inputs");
        }
    }
}
