package fedbiomed.training;

import java.util.List;

/**
 * An array that a plan reads from a dataset of kind {@code tensors}.
 *
 * @param shape of one sample; empty where the plan does not say
 */
public record ArrayInput(String name, List<Long> shape) {
    public ArrayInput {
        shape = List.copyOf(shape);
    }
}
