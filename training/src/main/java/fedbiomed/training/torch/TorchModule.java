package fedbiomed.training.torch;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;

/**
 * A part of a network: layers from {@link TorchPlan}'s methods, or a plan's own subclass that registers its parts with
 * {@link #child} and says in {@link #forward} how they are joined. Parameters have PyTorch's names: the children's
 * names joined by dots ({@code fc1.weight}; in a sequential the children are numbered from 0).
 */
public abstract class TorchModule {
    final Module raw;
    private final SequencedMap<String, TorchModule> children = new LinkedHashMap<>();
    private boolean frozen;
    private boolean local;

    protected TorchModule() {
        this(new Module("TorchModule"));
    }

    TorchModule(Module raw) {
        this.raw = raw;
    }

    /** The output for a batch of inputs; the first dimension is the batch's. */
    public abstract TorchTensor forward(TorchTensor input);

    /** Whether neither inputs nor outputs of {@link #forward} are held after it: known of our own modules alone. */
    boolean keepsNothing() {
        return false;
    }

    /** Makes {@code part} a part of this module, under a name without dots and slashes, not used before. @return {@code part} */
    protected final <M extends TorchModule> M child(String name, M part) {
        if (name.isBlank() || name.contains(".") || name.contains("/") || children.putIfAbsent(name, part) != null) {
            throw new IllegalArgumentException(
                    "a part's name has neither dot nor slash and is used once in its module; '" + name
                            + "' is not such a name");
        }
        return part;
    }

    /**
     * Keeps this part as it is: no gradient, and always in evaluation mode, so that running means stand still, too. For
     * weights that were trained elsewhere. @return this
     */
    public final TorchModule freeze() {
        frozen = true;
        return this;
    }

    /**
     * Makes this part the node's own: it is trained, but never leaves the node. In the model that travels it keeps the
     * values with which the experiment began. @return this
     */
    public final TorchModule local() {
        local = true;
        return this;
    }

    /** All parameters by name, e.g. for {@code postprocess}. Valid within the hook. */
    public final SequencedMap<String, TorchTensor> parameters() {
        var parameters = new LinkedHashMap<String, TorchTensor>();
        NativeTensors.parameters(this).forEach((name, tensor) -> parameters.put(name, new TorchTensor(tensor)));
        return parameters;
    }

    /** Without the children's. */
    void putParameters(String prefix, Map<String, Tensor> into) {
        put(prefix, raw.named_parameters(false), into);
    }

    /** Without the children's. */
    void putBuffers(String prefix, Map<String, Tensor> into) {
        put(prefix, raw.named_buffers(false), into);
    }

    /** Without the children. */
    void moveTo(Device device) {
        raw.to(device, false);
    }

    void setTraining(boolean training) {
        raw.train(training);
    }

    static void put(String prefix, StringTensorDict from, Map<String, Tensor> into) {
        for (long i = 0; i < from.size(); i++) {
            var item = from.get(i);
            into.put(prefix + item.key().getString(), item.value());
        }
    }

    /** Sets training or evaluation mode all through; frozen parts stay in evaluation mode. */
    final void train(boolean training) {
        walk((_, module, isFrozen, _) -> module.setTraining(training && !isFrozen));
    }

    /** What is done at each module: once, even where one is part of several. */
    @FunctionalInterface
    interface Visit {
        /** @param prefix of the module's names, empty or with a dot at its end; the flags are its own or inherited */
        void visit(String prefix, TorchModule module, boolean frozen, boolean local);
    }

    /** This module, then its children in the order in which they were registered. */
    final void walk(Visit visit) {
        walk("", false, false, Collections.newSetFromMap(new IdentityHashMap<>()), visit);
    }

    private void walk(String prefix, boolean frozen, boolean local, Set<TorchModule> seen, Visit visit) {
        if (!seen.add(this)) {
            return;
        }
        boolean isFrozen = frozen || this.frozen;
        boolean isLocal = local || this.local;
        visit.visit(prefix, this, isFrozen, isLocal);
        children.forEach((name, child) -> child.walk(prefix + name + ".", isFrozen, isLocal, seen, visit));
    }
}
