package fedbiomed.training.torch;

import fedbiomed.parameters.Parameters;
import fedbiomed.training.optimizer.GradientHook;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.SequencedMap;
import java.util.Set;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Which of a model's tensors leave the node, and which stay. A model has the same tensors wherever it is: in the place of
 * one that stays (of a local part; a buffer, where buffers are not shared) travels the value with which it came.
 */
final class TravellingTensors {
    private final TorchModule model;
    private final Set<String> staying = new HashSet<>();
    private final Set<String> names;
    /** Of what stays what was loaded last; before that, what the model was made with. */
    private Parameters incoming;

    TravellingTensors(TorchModule model, boolean shareBuffers) {
        this.model = model;
        model.walk((prefix, part, frozen, local) -> {
            var parameters = new LinkedHashMap<String, Tensor>();
            part.putParameters(prefix, parameters);
            if (frozen) {
                parameters.values().forEach(tensor -> tensor.set_requires_grad(false));
            }
            var buffers = new LinkedHashMap<String, Tensor>();
            part.putBuffers(prefix, buffers);
            if (local) {
                staying.addAll(parameters.keySet());
            }
            if (local || !shareBuffers) {
                staying.addAll(buffers.keySet());
            }
        });
        names = Set.copyOf(NativeTensors.of(model).keySet());
        incoming = staying();
    }

    /** PyTorch's own memory, where that is on the CPU: valid within the current pointer scope, as long as the model is as it is. */
    Parameters outgoing() {
        var tensors = NativeTensors.of(model);
        if (!tensors.keySet().equals(names)) {
            // what they are called now was chosen beside the data
            throw new FedbiomedException(
                    ErrorCode.PLAN_FAILED,
                    "the plan changed of which parts its model is made while it trained; make all of them in model(...)");
        }
        var own = NativeTensors.readable(tensors);
        if (staying.isEmpty()) {
            return own;
        }
        var outgoing = Parameters.builder();
        own.tensors()
                .forEach((name, tensor) -> outgoing.put(name, staying.contains(name) ? incoming.get(name) : tensor));
        return outgoing.build();
    }

    void load(Parameters parameters) {
        var tensors = NativeTensors.of(model);
        NativeTensors.load(tensors, parameters);
        incoming = staying();
    }

    /** What stays: a copy. */
    Parameters staying() {
        return NativeTensors.copy(those());
    }

    /** @throws FedbiomedException {@code DATA_UNFIT} if it is that of another model */
    void loadStaying(Parameters state) {
        try {
            NativeTensors.load(those(), state);
        } catch (FedbiomedException e) {
            throw new FedbiomedException(
                    ErrorCode.DATA_UNFIT,
                    "what this node kept of the plan's local parts does not fit the model: other names, types or shapes",
                    e);
        }
    }

    private SequencedMap<String, Tensor> those() {
        var tensors = NativeTensors.of(model);
        tensors.keySet().retainAll(staying);
        return tensors;
    }

    /** Names of the parameters that are trained and travel. */
    Set<String> trained() {
        var names = new LinkedHashSet<String>();
        NativeTensors.parameters(model).forEach((name, parameter) -> {
            if (isTrained(name, parameter)) {
                names.add(name);
            }
        });
        return names;
    }

    /** Shows their gradients as they are now, and takes up what becomes of them. */
    @SuppressWarnings("unused") // the guard works by being there
    void show(GradientHook hook) {
        try (var noGradient = new NoGradGuard()) {
            var shown = new ArrayList<NativeGradient>();
            NativeTensors.parameters(model).forEach((name, parameter) -> {
                @Nullable Tensor gradient = isTrained(name, parameter) ? parameter.mutable_grad() : null;
                if (gradient != null && gradient.defined()) {
                    shown.add(NativeGradient.of(name, parameter));
                }
            });
            hook.on(shown.stream().map(NativeGradient::shown).toList());
            shown.forEach(NativeGradient::takeBack);
        }
    }

    private boolean isTrained(String name, Tensor parameter) {
        return parameter.requires_grad() && !staying.contains(name);
    }
}
