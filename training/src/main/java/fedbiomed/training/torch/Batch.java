package fedbiomed.training.torch;

/**
 * Some training rows.
 *
 * @param input F32 {@code [rows, inputs]}, prepared as the plan's {@code data} says
 * @param target for classification I64 {@code [rows]}, the class's index; for regression F32 {@code [rows]}
 */
public record Batch(TorchTensor input, TorchTensor target) {}
