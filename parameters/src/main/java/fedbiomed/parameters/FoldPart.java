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
    private final double[][] out;
    private final MemorySegment written;
    private Chunk chunk = new Chunk(0, "", 0, 0);

    /** @param most elements that a chunk has */
    FoldPart(Parameters structure, List<Parameters> inputs, List<FoldOutput> outputs, int most) {
        this.structure = structure;
        this.inputs = inputs;
        this.outputs = outputs;
        this.loaded = new boolean[inputs.size()];
        this.out = new double[outputs.size()][most];
        this.written = Arena.ofAuto().allocate((long) most * Double.BYTES);
        inputs.forEach(_ -> read.add(null));
    }

    /** @return whether it is of a floating tensor, which is computed with */
    boolean enter(Chunk next) {
        chunk = next;
        Arrays.fill(loaded, false);
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
            Arrays.fill(values, 0, chunk.elements(), 0);
            add(values, input, 1);
        }
        return values;
    }

    /** {@code sums[i] += weight * input[i]}; the fastest way where an input is needed once. */
    public void addTo(double[] sums, int input, double weight) {
        add(sums, input, weight);
    }

    private void add(double[] sums, int input, double weight) {
        var tensor = inputs.get(input).tensors().get(chunk.name());
        if (tensor != null) {
            elements.addTo(sums, tensor, chunk.from(), chunk.elements(), weight);
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
