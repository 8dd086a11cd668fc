package fedbiomed.training.optimizer;

import fedbiomed.parameters.DType;
import java.lang.foreign.MemorySegment;

/**
 * One tensor's gradient, and its weights before the step; elements row-major, little-endian.
 *
 * @param name the model's, e.g. {@code fc1.weight}
 * @param dtype of both: F32 or F64
 * @param weights for reading only
 * @param values the gradient, which may be changed
 */
public record Gradient(String name, DType dtype, MemorySegment weights, MemorySegment values) {
    public Gradient {
        if (dtype != DType.F32 && dtype != DType.F64) {
            throw new IllegalArgumentException("a gradient is F32 or F64, not " + dtype);
        }
        if (weights.byteSize() != values.byteSize()) {
            throw new IllegalArgumentException("the gradient of '" + name + "' has " + values.byteSize()
                    + " bytes, its weights have " + weights.byteSize());
        }
    }

    /** The type in which gradients of a tensor are shown, and in which what is kept of them is kept. */
    public static DType dtypeOf(DType ofTensor) {
        return ofTensor == DType.F64 ? DType.F64 : DType.F32;
    }

    long elements() {
        return values.byteSize() / dtype.bytes();
    }

    Operand read() {
        return new Operand(dtype, values, false);
    }

    Operand changed() {
        return new Operand(dtype, values, true);
    }

    Operand weight() {
        return new Operand(dtype, weights, false);
    }
}
