package fedbiomed.training.torch;

import fedbiomed.parameters.DType;
import fedbiomed.training.DataDeclaration;
import fedbiomed.training.SampleArrays;
import fedbiomed.training.Samples;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** From samples to PyTorch's tensors; what they make lives in the current pointer scope. */
record Batches(DataDeclaration data, ComputeDevice device) {
    /** Samples of zeros in the shapes that the plan names, for a first try of the model. */
    Batch zeros(int samples) {
        var inputs = new LinkedHashMap<String, TorchTensor>();
        if (data.isTable()) {
            inputs.put(Batch.TABLE, zeros(samples, new long[] {data.width()}));
        }
        for (var input : data.arrays()) {
            inputs.put(input.name(), zeros(samples, input.preparedShape()));
        }
        return new Batch(inputs, new LinkedHashMap<>(), samples);
    }

    private TorchTensor zeros(int samples, long[] shape) {
        return new TorchTensor(device.place(torch.zeros(shape(samples, shape), new TensorOptions(ScalarType.Float))));
    }

    /** @param withTargets whether there are targets, and they are wanted */
    Batch of(Samples samples, boolean withTargets) {
        var inputs = new LinkedHashMap<String, TorchTensor>();
        if (data.isTable()) {
            inputs.put(
                    Batch.TABLE,
                    new TorchTensor(device.place(floats(samples.inputs()).reshape(samples.rows(), samples.width()))));
        }
        for (var input : data.arrays()) {
            inputs.put(input.name(), new TorchTensor(device.place(array(samples.arrays(), input.name()))));
        }
        var targets = new LinkedHashMap<String, TorchTensor>();
        if (withTargets) {
            putTargets(targets, samples);
        }
        return new Batch(inputs, targets, samples.rows());
    }

    private void putTargets(SequencedMap<String, TorchTensor> targets, Samples samples) {
        for (var target : data.targets()) {
            boolean first = targets.isEmpty();
            var tensor = first && data.isClassification()
                    ? indices(samples.targets())
                    : data.isTable() ? floats(samples.targets()) : array(samples.arrays(), target);
            targets.put(target, new TorchTensor(device.place(tensor)));
        }
    }

    private static Tensor array(SampleArrays arrays, String name) {
        var dtype = arrays.dtype(name);
        long bytes = arrays.sizeBytes(name);
        // freed with the scope: PyTorch only looks at it
        var memory = new BytePointer(Math.max(1, bytes));
        arrays.gather(name, MemorySegment.ofAddress(memory.address()).reinterpret(bytes));
        var looked =
                torch.from_blob(memory, shape(arrays.samples(), arrays.shape(name)), new TensorOptions(type(dtype)));
        return looked.to(dtype == DType.I64 || dtype == DType.I32 ? ScalarType.Long : ScalarType.Float);
    }

    private static long[] shape(int samples, long[] each) {
        var shape = new long[each.length + 1];
        shape[0] = samples;
        System.arraycopy(each, 0, shape, 1, each.length);
        return shape;
    }

    static ScalarType type(DType dtype) {
        return switch (dtype) {
            case F64 -> ScalarType.Double;
            case F32 -> ScalarType.Float;
            case F16 -> ScalarType.Half;
            case BF16 -> ScalarType.BFloat16;
            case I64 -> ScalarType.Long;
            case I32 -> ScalarType.Int;
            case I16 -> ScalarType.Short;
            case I8 -> ScalarType.Char;
            case U8 -> ScalarType.Byte;
            case BOOL -> ScalarType.Bool;
        };
    }

    private static Tensor floats(double[] values) {
        var floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return blob(new FloatPointer(floats), values.length, ScalarType.Float);
    }

    private static Tensor indices(double[] values) {
        var longs = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            longs[i] = (long) values[i];
        }
        return blob(new LongPointer(longs), values.length, ScalarType.Long);
    }

    private static Tensor blob(Pointer memory, int length, ScalarType type) {
        return torch.from_blob(memory, new long[] {length}, new TensorOptions(type));
    }
}
