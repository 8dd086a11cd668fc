package fedbiomed.parameters;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A stretch of one tensor, of all models of a {@link ModelFold} at once. One thread's own; valid during its step. */
public final class FoldPart {
    private final Parameters structure;
    private final List<Parameters> inputs;
    private final List<FoldOutput> outputs;
    private final Elements elements = new Elements();
    private final List<double @Nullable []> read = new ArrayList<>();
    private final boolean[] loaded;
    /** Of each input: whether it was seen to be finite in this stretch, or need not be. */
    private final boolean[] finite;

    private final ModelFold.Finiteness finiteness;
    private final double[][] out;
    private final MemorySegment written;
    private @Nullable TrimmedMeans trimmed;
    private Chunk chunk = new Chunk(0, "", 0, 0);

    /** @param most elements that a chunk has */
    FoldPart(
            Parameters structure,
            List<Parameters> inputs,
            List<FoldOutput> outputs,
            ModelFold.Finiteness finiteness,
            int most) {
        this.structure = structure;
        this.inputs = inputs;
        this.outputs = outputs;
        this.finiteness = finiteness;
        this.loaded = new boolean[inputs.size()];
        this.finite = new boolean[inputs.size()];
        this.out = new double[outputs.size()][most];
        this.written = Arena.ofAuto().allocate((long) most * Double.BYTES);
        inputs.forEach(_ -> read.add(null));
    }

    /** @return whether it is of a floating tensor, which is computed with */
    boolean enter(Chunk next) {
        chunk = next;
        Arrays.fill(loaded, false);
        for (int i = 0; i < finite.length; i++) {
            finite[i] = !finiteness.isRequired(i);
        }
        for (var values : out) {
            Arrays.fill(values, 0, next.elements(), 0);
        }
        return structure.get(next.name()).dtype().isFloating();
    }

    /** The tensor's name. */
    public String tensor() {
        return chunk.name();
    }

    /** How many elements it has; of the arrays, so many count. */
    public int size() {
        return chunk.elements();
    }

    /** An input's values; not to be changed. */
    public double[] in(int input) {
        var values = read.get(input);
        if (values == null || values.length < chunk.elements()) {
            values = new double[chunk.elements()];
            read.set(input, values);
        }
        if (!loaded[input]) {
            loaded[input] = true;
            check(input);
            var tensor = tensor(input);
            if (tensor == null) {
                Arrays.fill(values, 0, chunk.elements(), 0);
            } else {
                elements.load(tensor.data(), tensor.dtype(), chunk.from(), chunk.elements(), values);
            }
        }
        return values;
    }

    private @Nullable Tensor tensor(int input) {
        return inputs.get(input).tensors().get(chunk.name());
    }

    /**
     * {@code into[i] = sum(weight * input[i])} over as many inputs as there are weights, from {@code first} on, in their
     * order; the fastest way where inputs are needed once.
     */
    public void weightedSum(int first, double[] weights, double[] into) {
        Arrays.fill(into, 0, chunk.elements(), 0);
        for (int w = 0; w < weights.length; w++) {
            var tensor = tensor(first + w);
            if (tensor != null) {
                elements.addTo(into, tensor, chunk.from(), chunk.elements(), weights[w]);
            }
        }
        // whatever its weight, a NaN or an infinity among the inputs makes the sum one
        if (Elements.allFinite(into, chunk.elements())) {
            Arrays.fill(finite, first, first + weights.length, true);
        }
    }

    /**
     * {@code into[i]} = the mean of the inputs' elements {@code i} without the {@code each} smallest and largest, over the
     * first {@code count} inputs, which all have the tensor.
     */
    public void trimmedMean(int count, int each, double[] into) {
        var means = trimmed;
        if (means == null || !means.isOf(count, each)) {
            means = new TrimmedMeans(count, each);
            trimmed = means;
        }
        var tensors = new ArrayList<Tensor>();
        for (int i = 0; i < count; i++) {
            tensors.add(inputs.get(i).get(chunk.name()));
        }
        if (!means.of(tensors, chunk.from(), chunk.elements(), elements, into)) {
            // which of them it is, is looked for where the stretch ends
            return;
        }
        Arrays.fill(finite, 0, count, true);
    }

    /** Tells the fold of an input that is not finite here. */
    private void check(int input) {
        if (!finite[input]) {
            finite[input] = true;
            var tensor = tensor(input);
            if (tensor != null && !elements.allFinite(tensor, chunk.from(), chunk.elements())) {
                finiteness.doubt();
            }
        }
    }

    /** The inputs that the step had no need of, too. */
    void checkAll() {
        for (int i = 0; i < finite.length; i++) {
            check(i);
        }
    }

    /** What is to be written of the targets' vector number {@code output}, counted over all targets; zeros at first. */
    public double[] out(int output) {
        return out[output];
    }

    void writeOut() throws IOException {
        var tensor = structure.get(chunk.name());
        for (int o = 0; o < out.length; o++) {
            var output = outputs.get(o);
            long place = output.places()[chunk.tensor()];
            if (place >= 0) {
                var bytes = tensor.dtype().isFloating()
                        ? elements.store(out[o], chunk.elements(), tensor.dtype(), written)
                        : copied();
                output.file()
                        .write(
                                bytes.asByteBuffer(),
                                place + chunk.from() * tensor.dtype().bytes());
            }
        }
    }

    private MemorySegment copied() {
        var tensor = inputs.getFirst().get(chunk.name());
        int width = tensor.dtype().bytes();
        long bytes = (long) chunk.elements() * width;
        MemorySegment.copy(tensor.data(), chunk.from() * width, written, 0, bytes);
        return written.asSlice(0, bytes);
    }
}
