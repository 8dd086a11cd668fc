package fedbiomed.node.round;

import org.jspecify.annotations.Nullable;

/**
 * What a data manager lets plans have of the machine's GPUs: Fed-BioMed's {@code --gpu}, {@code --gpu-only} and {@code
 * --gpu-num} of {@code node start}.
 *
 * @param allowed a researcher who asks ({@code use_gpu}) gets one
 * @param always plans compute on one whether the researcher asks or not
 * @param number which one; {@code null}: the first
 */
public record GpuPolicy(
        boolean allowed, boolean always, @Nullable Integer number) {
    public static final GpuPolicy NONE = new GpuPolicy(false, false, null);

    public GpuPolicy {
        if (number != null && number < 0) {
            throw new IllegalArgumentException("--gpu-num must be at least 0, not " + number);
        }
    }

    /** As in the original, {@code --gpu-only} and {@code --gpu-num} say {@code --gpu}, too. */
    public static GpuPolicy of(boolean gpu, boolean gpuOnly, @Nullable Integer gpuNum) {
        return new GpuPolicy(gpu || gpuOnly || gpuNum != null, gpuOnly, gpuNum);
    }

    /**
     * Where a plan's work is done.
     *
     * @param gpu whether on a GPU
     * @param because for the node's log; empty where nobody asked for a GPU
     * @param warning whether a data manager should look at it
     */
    public record Decision(boolean gpu, String because, boolean warning) {}

    /**
     * @param asked whether the researcher did
     * @param torch whether the plan computes with PyTorch
     */
    Decision decide(boolean asked, boolean torch, Gpus gpus) {
        if (!asked && !always) {
            return new Decision(false, "", false);
        }
        if (!torch) {
            return new Decision(false, "computing on the CPU: the plan does not use PyTorch", false);
        }
        var wish = always ? "--gpu-only is set" : "the researcher asks for a GPU (use_gpu)";
        if (!allowed) {
            return new Decision(
                    false, "computing on the CPU: " + wish + ", but this node was started without --gpu", false);
        }
        var obstacle = gpus.obstacle();
        if (!obstacle.isEmpty()) {
            return new Decision(false, "computing on the CPU: " + wish + ", but " + obstacle, always);
        }
        int chosen = gpus.chosen(number);
        boolean another = number != null && number != chosen;
        return new Decision(
                true,
                "computing on GPU " + chosen + ": " + wish
                        + (another ? "; GPU " + number + " of --gpu-num is not there" : ""),
                another);
    }
}
