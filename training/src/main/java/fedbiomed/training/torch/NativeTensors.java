package fedbiomed.training.torch;

import fedbiomed.parameters.DType;
import fedbiomed.parameters.Parameters;
import fedbiomed.parameters.Tensor;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Between PyTorch's memory and ours, without a copy in the heap. */
final class NativeTensors {
    private NativeTensors() {}

    /** Parameters, then buffers, by PyTorch's names and in its order. Valid within the current pointer scope. */
    static SequencedMap<String, org.bytedeco.pytorch.Tensor> of(TorchModule module) {
        var tensors = parameters(module);
        tensors.putAll(buffers(module));
        return tensors;
    }

    static SequencedMap<String, org.bytedeco.pytorch.Tensor> parameters(TorchModule module) {
        var tensors = new LinkedHashMap<String, org.bytedeco.pytorch.Tensor>();
        module.walk((prefix, part, _, _) -> part.putParameters(prefix, tensors));
        return tensors;
    }

    static SequencedMap<String, org.bytedeco.pytorch.Tensor> buffers(TorchModule module) {
        var tensors = new LinkedHashMap<String, org.bytedeco.pytorch.Tensor>();
        module.walk((prefix, part, _, _) -> part.putBuffers(prefix, tensors));
        return tensors;
    }

    /** The same memory as a tensor of ours: valid as long as PyTorch's, and readable where that is on the CPU. */
    static Parameters view(SequencedMap<String, org.bytedeco.pytorch.Tensor> tensors) {
        var parameters = Parameters.builder();
        tensors.forEach((name, tensor) ->
                parameters.put(name, Tensor.of(dtype(name, tensor), shape(tensor), memory(name, tensor))));
        return parameters.build();
    }

    /** As {@link #view}; of what is on a GPU a copy of PyTorch's. Valid within the current pointer scope. */
    static Parameters readable(SequencedMap<String, org.bytedeco.pytorch.Tensor> tensors) {
        var onCpu = new LinkedHashMap<String, org.bytedeco.pytorch.Tensor>();
        tensors.forEach((name, tensor) -> onCpu.put(name, tensor.cpu()));
        return view(onCpu);
    }

    /** A copy outside the heap, which lives as long as it is reachable. */
    static Parameters copy(SequencedMap<String, org.bytedeco.pytorch.Tensor> tensors) {
        return copy(readable(tensors));
    }

    /** As above. */
    static Parameters copy(Parameters read) {
        var parameters = Parameters.builder();
        read.tensors().forEach((name, tensor) -> {
            var memory = tensor.data();
            var own = Arena.ofAuto()
                    .allocate(Math.max(1, memory.byteSize()), Long.BYTES)
                    .asSlice(0, memory.byteSize());
            own.copyFrom(memory);
            parameters.put(name, Tensor.of(tensor.dtype(), tensor.shape(), own));
        });
        return parameters.build();
    }

    /** Writes {@code values} into PyTorch's memory. */
    static void load(SequencedMap<String, org.bytedeco.pytorch.Tensor> tensors, Parameters values) {
        view(tensors).requireSameStructure(values);
        tensors.forEach((name, tensor) -> {
            if (tensor.is_cuda()) {
                // past the gradient's history
                tensor.detach().copy_(borrowed(values.get(name)));
            } else {
                memory(name, tensor).copyFrom(values.get(name).data());
            }
        });
    }

    /** Our parameters as PyTorch's tensors, for reading only: the same memory. Those not floating are left out. */
    static Map<String, org.bytedeco.pytorch.Tensor> borrowed(Parameters parameters) {
        var tensors = new LinkedHashMap<String, org.bytedeco.pytorch.Tensor>();
        parameters.tensors().forEach((name, tensor) -> {
            if (tensor.dtype().isFloating()) {
                tensors.put(name, borrowed(tensor));
            }
        });
        return tensors;
    }

    private static org.bytedeco.pytorch.Tensor borrowed(Tensor tensor) {
        var memory = new Address(tensor.data().address());
        return torch.from_blob(memory, tensor.shape(), new TensorOptions(Batches.type(tensor.dtype())));
    }

    private static final class Address extends Pointer {
        Address(long address) {
            this.address = address;
        }
    }

    static MemorySegment memory(String name, org.bytedeco.pytorch.Tensor tensor) {
        if (!tensor.is_contiguous()) {
            throw new FedbiomedException(
                    ErrorCode.PLAN_INVALID,
                    "the model's tensor '" + name + "' is not contiguous in memory; build the model from layers");
        }
        return MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(tensor.nbytes());
    }

    private static long[] shape(org.bytedeco.pytorch.Tensor tensor) {
        return new TorchTensor(tensor).shape();
    }

    static DType dtype(String name, org.bytedeco.pytorch.Tensor tensor) {
        // the binding hands out a nameless constant that only carries the number; interned it is the one of that number
        return switch (tensor.scalar_type().intern()) {
            case Double -> DType.F64;
            case Float -> DType.F32;
            case Half -> DType.F16;
            case BFloat16 -> DType.BF16;
            case Long -> DType.I64;
            case Int -> DType.I32;
            case Short -> DType.I16;
            case Char -> DType.I8;
            case Byte -> DType.U8;
            case Bool -> DType.BOOL;
            default ->
                throw new FedbiomedException(
                        ErrorCode.PLAN_INVALID,
                        "the model's tensor '" + name + "' is of PyTorch's type "
                                + tensor.scalar_type().intern()
                                + ", which cannot be sent; use floating or whole numbers");
        };
    }
}
