package fedbiomed.training.torch;

import org.bytedeco.pytorch.Module;

/**
 * A part of a network: layers from {@link TorchPlan}'s methods, or a plan's own subclass that registers its parts with
 * {@link #child} and says in {@link #forward} how they are joined. Parameters have PyTorch's names: the children's
 * names joined by dots ({@code fc1.weight}; in a sequential the children are numbered from 0).
 */
public abstract class TorchModule {
    final Module raw;

    protected TorchModule() {
        this(new Module("TorchModule"));
    }

    TorchModule(Module raw) {
        this.raw = raw;
    }

    /** The output for a batch of inputs; the first dimension is the batch's. */
    public abstract TorchTensor forward(TorchTensor input);

    /** Makes {@code part} a part of this module, under a name without dots, not used before. @return {@code part} */
    protected final <M extends TorchModule> M child(String name, M part) {
        raw.register_module(name, part.raw);
        return part;
    }
}
