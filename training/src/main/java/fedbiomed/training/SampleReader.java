package fedbiomed.training;

import fedbiomed.parameters.DType;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.LongStream;

/**
 * A plan's own reader of a dataset of kind {@code files}, for formats that no kind knows:
 *
 * <pre>{@code
 * public TrainingData data(DatasetView dataset) {
 *     return dataset.files(new Reader()).input("curve", 1, 100).target("label").classes("0", "1");
 * }
 *
 * static final class Reader implements SampleReader {
 *     public void arrays(Arrays arrays) {
 *         arrays.numbers("curve", 1, 100).wholeNumbers("label");
 *     }
 *
 *     public List<String> samples(PlanFiles files) {
 *         return files.names();
 *     }
 *
 *     public double[] read(PlanFiles files, String sample, String array) { ... files.text(sample) ... }
 * }
 * }</pre>
 *
 * It runs in the worker, in its sandbox. Its methods are called one at a time, but while the engine computes: it shares
 * nothing that changes with the plan's other hooks.
 */
public interface SampleReader {
    /** Which arrays it reads. Called without any data, and must say the same each time. */
    void arrays(Arrays arrays);

    /**
     * A text for each sample by which {@link #read} finds it: its file's name, say, or name and line. It does not leave the
     * node. The same files must give the same samples in the same order: by it they are held out for tests.
     */
    List<String> samples(PlanFiles files);

    /** One sample's values of an array, in C order; they are finite, and whole where the array is of whole numbers. */
    double[] read(PlanFiles files, String sample, String array);

    /** What {@link SampleReader#arrays} says. */
    final class Arrays {
        private final SequencedMap<String, ColumnDescription> described = new LinkedHashMap<>();

        Arrays() {}

        /** An array of F32. @param shape of one sample; none: one number */
        public Arrays numbers(String name, long... shape) {
            return put(name, ColumnType.REAL, DType.F32, shape);
        }

        /** An array of I64: classes, say, or a mask. @param shape of one sample; none: one number */
        public Arrays wholeNumbers(String name, long... shape) {
            return put(name, ColumnType.INTEGER, DType.I64, shape);
        }

        private Arrays put(String name, ColumnType type, DType dtype, long[] shape) {
            if (name.isBlank()
                    || described.containsKey(name)
                    || LongStream.of(shape).anyMatch(size -> size < 1)) {
                throw new IllegalArgumentException(
                        "an array has a name that no other has, and sizes of at least 1; not '" + name + "' with "
                                + java.util.Arrays.toString(shape));
            }
            described.put(
                    name,
                    new ColumnDescription(
                            name,
                            type,
                            0,
                            dtype.name(),
                            LongStream.of(shape).boxed().toList()));
            return this;
        }

        List<ColumnDescription> described() {
            return List.copyOf(described.values());
        }
    }
}
