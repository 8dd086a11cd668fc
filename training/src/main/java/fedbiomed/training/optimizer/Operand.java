package fedbiomed.training.optimizer;

import fedbiomed.parameters.DType;
import fedbiomed.parameters.Tensor;
import java.lang.foreign.MemorySegment;

/** A tensor's elements in a formula. @param written whether the formula's values are stored back */
record Operand(DType dtype, MemorySegment data, boolean written) {
    static Operand of(Tensor tensor) {
        return new Operand(tensor.dtype(), tensor.data(), false);
    }

    long elements() {
        return data.byteSize() / dtype.bytes();
    }
}
