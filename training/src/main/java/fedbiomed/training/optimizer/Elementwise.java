package fedbiomed.training.optimizer;

import fedbiomed.parameters.Elements;

/**
 * Formulas over tensors of equal length, element by element in binary64, in chunks that stay in a core's cache. One
 * thread's own.
 */
final class Elementwise {
    private static final int CHUNK = Math.min(4096, Elements.MAX);

    private final Elements elements = new Elements();
    private double[][] values = new double[0][];

    @FunctionalInterface
    interface Formula {
        /** @param x a row an operand, of which the first {@code n} elements count */
        void on(double[][] x, int n);
    }

    void apply(Formula formula, Operand... operands) {
        long total = operands[0].elements();
        grow(operands.length, (int) Math.min(CHUNK, total));
        for (var operand : operands) {
            if (operand.elements() != total) {
                throw new IllegalArgumentException(
                        "tensors of " + total + " and " + operand.elements() + " elements in one formula");
            }
        }
        for (long from = 0; from < total; from += CHUNK) {
            int n = (int) Math.min(CHUNK, total - from);
            for (int i = 0; i < operands.length; i++) {
                elements.load(operands[i].data(), operands[i].dtype(), from, n, values[i]);
            }
            formula.on(values, n);
            for (int i = 0; i < operands.length; i++) {
                if (operands[i].written()) {
                    var dtype = operands[i].dtype();
                    elements.store(
                            values[i],
                            n,
                            dtype,
                            operands[i].data().asSlice(from * dtype.bytes(), (long) n * dtype.bytes()));
                }
            }
        }
    }

    private void grow(int rows, int elements) {
        int length = values.length == 0 ? 0 : values[0].length;
        if (values.length < rows || length < elements) {
            values = new double[Math.max(rows, values.length)][Math.max(elements, length)];
        }
    }
}
