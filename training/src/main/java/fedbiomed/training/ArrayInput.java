package fedbiomed.training;

import fedbiomed.data.transform.Transform;
import java.util.Arrays;
import java.util.List;

/**
 * An array that a plan reads.
 *
 * @param shape of one sample in the dataset; empty where the plan does not say
 * @param steps what is done to each sample, in this order
 */
public record ArrayInput(String name, List<Long> shape, List<Transform> steps) {
    public ArrayInput {
        shape = List.copyOf(shape);
        steps = List.copyOf(steps);
    }

    /** Of one sample as the model gets it; empty where the plan does not say. */
    public long[] preparedShape() {
        return shape.isEmpty() ? new long[0] : prepared(shape, steps);
    }

    /** @throws IllegalArgumentException as {@link Transform#shape}, also of a sample that is too large to be transformed */
    static long[] prepared(List<Long> shape, List<Transform> steps) {
        if (steps.isEmpty()) {
            return shape.stream().mapToLong(size -> size).toArray();
        }
        double elements = shape.stream().mapToDouble(size -> size).reduce(1, (a, b) -> a * b);
        if (elements > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "has the shape " + shape + " a sample, more elements than can be transformed at once (2^31)");
        }
        var prepared = shape.stream().mapToInt(Math::toIntExact).toArray();
        for (var step : steps) {
            prepared = step.shape(prepared);
        }
        return Arrays.stream(prepared).asLongStream().toArray();
    }
}
