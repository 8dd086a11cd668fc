package fedbiomed.training;

import fedbiomed.data.tensors.TensorFile;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** From a file of arrays to samples, as the plan declared; errors tell names, shapes and counts, never values. */
record ArrayPreparation(DataDeclaration declaration, TensorFile file) {
    /** @param withTargets whether the targets are read, too */
    Samples samples(int[] rows, boolean withTargets) {
        var arrays = new LinkedHashMap<String, Tensor>();
        for (var input : declaration.arrays()) {
            var array = file.array(input.name());
            requireShape(input, array);
            arrays.put(input.name(), array);
        }
        if (withTargets) {
            declaration.targets().forEach(target -> arrays.put(target, file.array(target)));
        }
        return Samples.of(SampleArrays.of(arrays, rows), withTargets ? targets(rows) : new double[0]);
    }

    private static void requireShape(ArrayInput input, Tensor array) {
        var shape = array.shape();
        var each = LongStream.of(shape).skip(1).boxed().toList();
        if (!input.shape().isEmpty() && !input.shape().equals(each)) {
            throw unfit("array '" + Text.shown(input.name()) + "' has the shape " + each
                    + " a sample, the plan asks for " + input.shape() + "; leave this dataset out, or change the plan");
        }
    }

    /** The first target as numbers, where it is a class or a value. */
    private double[] targets(int[] rows) {
        if (declaration.segmentation()) {
            requireMask();
        }
        if (!declaration.isClassification() && !declaration.regression()) {
            return new double[0];
        }
        var target = file.array(declaration.target());
        if (target.elements() != file.samples()) {
            throw unfit("target array '" + Text.shown(declaration.target()) + "' has the shape "
                    + Arrays.toString(target.shape())
                    + "; classes and regression need one number a sample (for a mask write .segmentation(...))");
        }
        return declaration.isClassification()
                ? classIndices(target, rows)
                : IntStream.of(rows).mapToDouble(target::doubleAt).toArray();
    }

    /** Every sample, not only the rows, as for classes. */
    private void requireMask() {
        var target = file.array(declaration.target());
        int classes = declaration.classes().size();
        long foreign = LongStream.range(0, target.elements())
                .filter(i -> !isIndex(target.doubleAt(i), classes))
                .count();
        if (foreign > 0) {
            throw unfit("target array '" + Text.shown(declaration.target()) + "': " + foreign + " of "
                    + target.elements() + " elements are no index of a class; the plan's segmentation has " + classes
                    + " classes, 0 to " + (classes - 1) + ". Name every class, or leave this dataset out");
        }
    }

    private static boolean isIndex(double value, int classes) {
        return value >= 0 && value < classes && value == Math.rint(value);
    }

    private double[] classIndices(Tensor target, int[] rows) {
        if (target.dtype().isFloating()) {
            throw unfit("target array '" + Text.shown(declaration.target()) + "' is of type " + target.dtype()
                    + "; classes are whole numbers (I64, say)");
        }
        var indices = new HashMap<Double, Integer>();
        for (int i = 0; i < declaration.classes().size(); i++) {
            indices.put(number(declaration.classes().get(i)), i);
        }
        // every sample, not only the rows: what is wrong with the dataset shows whatever the split
        long foreign = IntStream.range(0, file.samples())
                .filter(row -> !indices.containsKey(target.doubleAt(row)))
                .count();
        if (foreign > 0) {
            throw unfit("target array '" + Text.shown(declaration.target()) + "': " + foreign + " of " + file.samples()
                    + " samples have a class that the plan does not declare; it declares "
                    + declaration.classes().stream().map(Text::shown).toList()
                    + ". Declare every class, or leave this dataset out");
        }
        return IntStream.of(rows)
                .mapToDouble(row -> index(indices, target.doubleAt(row)))
                .toArray();
    }

    private static int index(Map<Double, Integer> indices, double label) {
        var index = indices.get(label);
        return index == null ? -1 : index;
    }

    private static double number(String name) {
        try {
            return Long.parseLong(name);
        } catch (NumberFormatException e) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the plan's data(...) declares the class '" + Text.shown(name)
                            + "'; an array holds whole numbers: write e.g. .classes(\"0\", \"1\")",
                    e);
        }
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
