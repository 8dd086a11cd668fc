package fedbiomed.parameters;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Element-by-element arithmetic over models that are mapped from files, in stretches, on all cores, in binary64. What is
 * written is rounded once to each tensor's dtype (F16 and BF16 by way of F32). The heap grows neither with the model nor
 * with the number of models; no result depends on the scheduling of threads.
 */
public final class ModelFold {
    /** Binary64 values that one thread's buffers hold together, about; 16 MiB. */
    private static final int BUFFERED = 1 << 21;

    private static final int LEAST_ELEMENTS = 1 << 10;
    /** Sums are taken by so many strips of the model, and added up in their order. */
    private static final int STRIPS = 64;
    /** Most partial sums that are kept. */
    private static final int MAX_PARTIAL_SUMS = 1 << 22;

    private final Parameters structure;
    private final List<Parameters> inputs;
    private final List<Chunk> chunks;
    private final Finiteness finiteness;
    private final Runnable refusal;

    /**
     * A file that a fold writes.
     *
     * @param vectors what stands in it, in this order: {@link #MODEL}, or a vector's name ({@link Auxiliary})
     * @param metadata of the file
     */
    public record Target(Path file, List<String> vectors, Map<String, String> metadata) {
        /** The model itself; its integer and bool tensors are the first input's. */
        public static final String MODEL = "";

        public Target {
            vectors = List.copyOf(vectors);
        }
    }

    /** What is done with each stretch. May be called by several threads at once, each with a part of its own. */
    @FunctionalInterface
    public interface Step {
        void on(FoldPart part);
    }

    /** What is added up over all stretches. */
    @FunctionalInterface
    public interface Summand {
        void addTo(double[] sums, FoldPart part);
    }

    /** Of which inputs no element may be NaN or infinite. They are looked at as they are read, not in a pass of its own. */
    static final class Finiteness {
        private final IntPredicate required;
        private volatile boolean doubted;

        Finiteness(IntPredicate required) {
            this.required = required;
        }

        boolean isRequired(int input) {
            return required.test(input);
        }

        void doubt() {
            doubted = true;
        }
    }

    /**
     * @param structure the tensors that are gone through: its floating ones
     * @param inputs each with tensors of the structure's names, dtypes and shapes; one that it lacks reads as zeros
     */
    public ModelFold(Parameters structure, List<Parameters> inputs) {
        this(structure, inputs, _ -> false, () -> {});
    }

    /**
     * As above, of inputs that have to be finite.
     *
     * @param finite which of them, whether a step reads them or not
     * @param refusal called before anything comes of a fold in which one was not; throws, saying which one
     */
    public ModelFold(Parameters structure, List<Parameters> inputs, IntPredicate finite, Runnable refusal) {
        this.structure = structure;
        this.finiteness = new Finiteness(finite);
        this.refusal = refusal;
        this.inputs = List.copyOf(inputs);
        int elements = Math.clamp(BUFFERED / Math.max(1, inputs.size()), LEAST_ELEMENTS, Chunk.MAX_ELEMENTS);
        this.chunks = Chunk.of(structure, elements);
    }

    /**
     * Goes through all elements and writes the targets; what {@link FoldPart#out} of a vector is left at, is its value.
     *
     * @throws fedbiomed.vocabulary.FedbiomedException as {@link Safetensors#write}; of an input that is not finite, and
     *     then no target is there
     */
    public void write(List<Target> targets, Step step) {
        var files = new ArrayList<AsideFile>();
        Path failing = targets.getFirst().file();
        try {
            var outputs = new ArrayList<FoldOutput>();
            for (var target : targets) {
                failing = target.file();
                var file = AsideFile.of(target.file());
                files.add(file);
                outputs.addAll(outputs(target, file));
            }
            through(outputs, files, step);
            for (int i = 0; i < files.size(); i++) {
                failing = targets.get(i).file();
                files.get(i).commit();
            }
        } catch (IOException e) {
            throw Safetensors.notWritten(failing, e);
        } finally {
            files.forEach(ModelFold::close);
        }
    }

    private void through(List<FoldOutput> outputs, List<AsideFile> files, Step step) throws IOException {
        try (var flush = EarlyFlush.of(files)) {
            forEach(chunks, () -> {
                var part = new FoldPart(structure, inputs, outputs, finiteness, Chunk.most(chunks));
                return chunk -> {
                    if (part.enter(chunk)) {
                        step.on(part);
                        part.checkAll();
                    }
                    part.writeOut();
                };
            });
            flush.requireWritten();
        }
    }

    /** The refusal comes before what a step says of numbers that it should not have been given. */
    private void forEach(List<Chunk> work, Chunk.WorkFactory factory) throws IOException {
        try {
            Chunk.forEach(work, read(), factory);
        } finally {
            if (finiteness.doubted) {
                refusal.run();
            }
        }
    }

    /** Elements of all inputs. */
    private long read() {
        return Chunk.elements(chunks) * Math.max(1, inputs.size());
    }

    private List<FoldOutput> outputs(Target target, AsideFile file) throws IOException {
        var written = Parameters.builder();
        for (var vector : target.vectors()) {
            structure.tensors().forEach((name, tensor) -> {
                if (vector.equals(Target.MODEL)) {
                    written.put(name, tensor);
                } else if (tensor.dtype().isFloating()) {
                    written.put(Auxiliary.name(vector, name), tensor);
                }
            });
        }
        var prefix = Header.of(written.build().withMetadata(target.metadata())).encode();
        file.write(ByteBuffer.wrap(prefix), 0);
        long place = prefix.length;
        var outputs = new ArrayList<FoldOutput>();
        for (var vector : target.vectors()) {
            var output = FoldOutput.at(place, vector, structure, file);
            outputs.add(output);
            place = output.end();
        }
        return outputs;
    }

    private static void close(AsideFile file) {
        try {
            file.close();
        } catch (IOException _) {
            // the failure that leads here is the one to tell; a file left over is swept with its folder
        }
    }

    /** Sums over all elements: {@code width} of them at once. The same inputs give the same bits. */
    public double[] sums(int width, Summand summand) {
        int strips = Math.max(1, Math.min(STRIPS, MAX_PARTIAL_SUMS / Math.max(1, width)));
        var partial = new double[strips][width];
        var work = new ArrayList<Chunk>();
        for (int strip = 0; strip < strips; strip++) {
            work.add(new Chunk(strip, "", 0, 0));
        }
        try {
            forEach(work, () -> {
                var part = new FoldPart(structure, inputs, List.of(), finiteness, Chunk.most(chunks));
                return strip -> {
                    int from = (int) ((long) chunks.size() * strip.tensor() / strips);
                    int to = (int) ((long) chunks.size() * (strip.tensor() + 1) / strips);
                    for (var chunk : chunks.subList(from, to)) {
                        if (part.enter(chunk)) {
                            summand.addTo(partial[strip.tensor()], part);
                            part.checkAll();
                        }
                    }
                };
            });
        } catch (IOException e) {
            throw new IllegalStateException("sums write no file", e);
        }
        var sums = new double[width];
        for (var strip : partial) {
            for (int i = 0; i < width; i++) {
                sums[i] += strip[i];
            }
        }
        return sums;
    }
}
