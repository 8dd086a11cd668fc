package fedbiomed.training.torch;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Where PyTorch computes: the CPU, or the GPU that CUDA counts as the first. */
enum ComputeDevice {
    CPU,
    GPU;

    /** The CPU where no GPU is wanted, PyTorch's libraries are those without CUDA, or CUDA finds none. */
    static ComputeDevice of(boolean gpuWanted) {
        if (!gpuWanted) {
            return CPU;
        }
        if (torch.cuda_is_available()) {
            return GPU;
        }
        // the worker's output goes to the node's log of it
        System.err.println("use_gpu: CUDA is not available here; computing on the CPU");
        return CPU;
    }

    /** The tensor where this computes. */
    Tensor place(Tensor tensor) {
        return this == GPU ? tensor.cuda() : tensor;
    }

    /** Parameters and buffers keep their identity: whoever holds them holds the moved ones. */
    void place(TorchModule model) {
        if (this == GPU) {
            model.walk((_, module, _, _) -> module.moveTo(new Device("cuda")));
        }
    }
}
