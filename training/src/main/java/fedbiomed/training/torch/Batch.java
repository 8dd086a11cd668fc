package fedbiomed.training.torch;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Some samples: inputs and targets by the names of the plan's {@code data}, the samples along the first dimension.
 *
 * <p>Of a table there is one input, F32 {@code [rows, inputs]}, named {@code input}. An array comes in its own shape
 * {@code [samples, ...]}: I64 and I32 as I64, everything else (floating types, bytes, booleans, 16-bit integers) as F32. A
 * target with {@code classes} is I64 {@code [samples]}, the class's index; a table's without is F32 {@code [rows]}.
 */
public final class Batch {
    /** A table's columns together. */
    static final String TABLE = "input";

    private final SequencedMap<String, TorchTensor> inputs;
    private final SequencedMap<String, TorchTensor> targets;
    private final int samples;

    Batch(SequencedMap<String, TorchTensor> inputs, SequencedMap<String, TorchTensor> targets, int samples) {
        this.inputs = Collections.unmodifiableSequencedMap(inputs);
        this.targets = Collections.unmodifiableSequencedMap(targets);
        this.samples = samples;
    }

    /** How many samples. */
    public int samples() {
        return samples;
    }

    /** The only input. @throws IllegalArgumentException if there are several */
    public TorchTensor input() {
        return only("input", inputs);
    }

    public TorchTensor input(String name) {
        return named("input", inputs, name);
    }

    /** The only target. @throws IllegalArgumentException if there are several or none */
    public TorchTensor target() {
        return only("target", targets);
    }

    public TorchTensor target(String name) {
        return named("target", targets, name);
    }

    /** The same with another tensor under the name of an input or target: what {@code preprocess} gives back. */
    public Batch with(String name, TorchTensor tensor) {
        boolean input = inputs.containsKey(name);
        if (!input) {
            named("input or target", targets, name);
        }
        var changed = new LinkedHashMap<>(input ? inputs : targets);
        changed.put(name, tensor);
        return input ? new Batch(changed, targets, samples) : new Batch(inputs, changed, samples);
    }

    private static TorchTensor only(String what, SequencedMap<String, TorchTensor> tensors) {
        if (tensors.size() != 1) {
            throw new IllegalArgumentException("a batch of this plan has " + tensors.size() + " " + what + "s "
                    + tensors.keySet() + "; name one: batch." + what + "(\"...\")");
        }
        return tensors.firstEntry().getValue();
    }

    private static TorchTensor named(String what, SequencedMap<String, TorchTensor> tensors, String name) {
        var tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "a batch of this plan has no " + what + " '" + name + "'; there are " + tensors.keySet());
        }
        return tensor;
    }
}
