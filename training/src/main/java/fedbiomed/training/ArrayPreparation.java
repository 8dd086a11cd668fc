package fedbiomed.training;

import fedbiomed.data.source.SampleSource;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** From a dataset of arrays to samples, as the plan declared; errors tell names, shapes and counts, never values. */
record ArrayPreparation(DataDeclaration declaration, SampleSource source) {
    /** @param withTargets whether the targets are read, too */
    Samples samples(int[] rows, boolean withTargets) {
        var arrays = new ArrayList<PreparedArray>();
        for (var input : declaration.arrays()) {
            var array = ArrayColumn.of(source, input.name());
            requireShape(input, array);
            arrays.add(PreparedArray.of(array, input.steps(), arrays.size(), false));
        }
        if (withTargets) {
            for (var target : declaration.targets()) {
                var array = ArrayColumn.of(source, target);
                if (!array.isText() || !isClass(target)) {
                    var steps = declaration.targetSteps().getOrDefault(target, List.of());
                    arrays.add(PreparedArray.of(array, steps, arrays.size(), isMask(target)));
                }
            }
            requireMaskOverImage(arrays);
        }
        return Samples.of(SampleArrays.of(arrays, rows), withTargets ? targets(rows) : new double[0]);
    }

    private boolean isMask(String target) {
        return declaration.segmentation() && target.equals(declaration.target());
    }

    /** A mask that is moved as its image is must be as large. */
    private void requireMaskOverImage(List<PreparedArray> arrays) {
        var moved = arrays.stream()
                .filter(array -> !ArrayInputs.geometric(array.steps()).isEmpty())
                .toList();
        for (var mask : moved) {
            for (var image : moved) {
                if (mask.isMask() && !Arrays.equals(plane(mask), plane(image))) {
                    throw unfit("a sample of '" + Text.shown(mask.name()) + "' has the shape "
                            + Arrays.toString(mask.shape()) + ", one of '" + Text.shown(image.name()) + "' "
                            + Arrays.toString(image.shape())
                            + "; flipped, turned or shifted together they must have one height and width: resize both in"
                            + " the plan");
                }
            }
        }
    }

    private static long[] plane(PreparedArray array) {
        var shape = array.shape();
        return Arrays.copyOfRange(shape, Math.max(0, shape.length - 2), shape.length);
    }

    /** A column or an array with one value a sample; {@code null} where it is missing. */
    @Nullable
    Object[] values(String name) {
        var column = ArrayColumn.of(source, name);
        if (column.isText()) {
            return column.texts();
        }
        if (column.elements() != 1) {
            throw unfit("array '" + Text.shown(name) + "', by which the plan splits, has the shape "
                    + column.description().shape() + " a sample; split by a column with one value a sample");
        }
        return Arrays.stream(column.numbers())
                .mapToObj(number -> Double.isNaN(number) ? null : (Object) number)
                .toArray();
    }

    private boolean isClass(String target) {
        return declaration.isClassification() && target.equals(declaration.target());
    }

    private static void requireShape(ArrayInput input, ArrayColumn array) {
        var each = array.description().shape();
        if (!input.shape().isEmpty() && !input.shape().equals(each)) {
            throw unfit("array '" + Text.shown(input.name()) + "' has the shape " + each
                    + " a sample, the plan asks for " + input.shape() + "; leave this dataset out, or change the plan");
        }
    }

    /** The first target as numbers, where it is a class or a value. */
    double[] targets(int[] rows) {
        if (declaration.segmentation()) {
            requireMask();
        }
        if (!declaration.isClassification() && !declaration.regression()) {
            return new double[0];
        }
        var target = ArrayColumn.of(source, declaration.target());
        if (target.elements() != 1) {
            throw unfit("target array '" + Text.shown(declaration.target()) + "' has the shape "
                    + target.description().shape()
                    + " a sample; classes and regression need one number (for a mask write .segmentation(...))");
        }
        if (declaration.isClassification()) {
            return classIndices(target, rows);
        }
        var values = target.numbers();
        requireComplete(IntStream.range(0, values.length)
                .filter(i -> Double.isNaN(values[i]))
                .count());
        return IntStream.of(rows).mapToDouble(row -> values[row]).toArray();
    }

    /** Every sample, not only the rows, as for classes. */
    private void requireMask() {
        var target = ArrayColumn.of(source, declaration.target());
        int classes = declaration.classes().size();
        long foreign = target.count(value -> !isIndex(value, classes));
        if (foreign > 0) {
            throw unfit("target array '" + Text.shown(declaration.target()) + "': " + foreign + " of "
                    + target.elements() * source.samples()
                    + " elements are no index of a class; the plan's segmentation has " + classes + " classes, 0 to "
                    + (classes - 1) + ". Name every class, or leave this dataset out");
        }
    }

    private static boolean isIndex(double value, int classes) {
        return value >= 0 && value < classes && value == Math.rint(value);
    }

    private double[] classIndices(ArrayColumn target, int[] rows) {
        var classes = declaration.classes();
        return target.isText()
                ? classIndices(target.texts(), indices(classes, classes::get), rows)
                : classIndices(wholeNumbers(target), indices(classes, i -> number(classes.get(i))), rows);
    }

    private static <T> Map<T, Integer> indices(List<String> classes, IntFunction<T> label) {
        var indices = new HashMap<T, Integer>();
        for (int i = 0; i < classes.size(); i++) {
            indices.put(label.apply(i), i);
        }
        return indices;
    }

    private Double[] wholeNumbers(ArrayColumn target) {
        if (target.dtype().isFloating()) {
            throw unfit("target array '" + Text.shown(declaration.target()) + "' is of type " + target.dtype()
                    + "; classes are whole numbers (I64, say) or text");
        }
        var numbers = target.numbers();
        return IntStream.range(0, numbers.length).mapToObj(i -> numbers[i]).toArray(Double[]::new);
    }

    private <T> double[] classIndices(@Nullable T[] labels, Map<T, Integer> indices, int[] rows) {
        // every sample, not only the rows: what is wrong with the dataset shows whatever the split
        long missing = 0;
        long foreign = 0;
        for (var label : labels) {
            if (label == null) {
                missing++;
            } else if (!indices.containsKey(label)) {
                foreign++;
            }
        }
        requireComplete(missing);
        if (foreign > 0) {
            throw unfit("target array '" + Text.shown(declaration.target()) + "': " + foreign + " of " + labels.length
                    + " samples have a class that the plan does not declare; it declares "
                    + declaration.classes().stream().map(Text::shown).toList()
                    + ". Declare every class, or leave this dataset out");
        }
        return IntStream.of(rows)
                .mapToDouble(row -> index(indices, labels[row]))
                .toArray();
    }

    private static <T> int index(Map<T, Integer> indices, @Nullable T label) {
        var index = label == null ? null : indices.get(label);
        return index == null ? -1 : index;
    }

    private void requireComplete(long missing) {
        if (missing > 0) {
            throw unfit("target '" + Text.shown(declaration.target()) + "': " + missing
                    + " samples have no value; remove them from the dataset, or name another target");
        }
    }

    private static double number(String name) {
        try {
            return Long.parseLong(name);
        } catch (NumberFormatException e) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan's data(...) declares the class '" + Text.shown(name)
                            + "'; the dataset's target holds whole numbers: write e.g. .classes(\"0\", \"1\")",
                    e);
        }
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
