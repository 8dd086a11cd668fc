package fedbiomed.training.torch;

import java.util.List;

/** Modules one after the other, named {@code 0}, {@code 1}, ... as PyTorch does. */
final class Sequential extends TorchModule {
    private final List<TorchModule> modules;

    Sequential(TorchModule... modules) {
        this.modules = List.of(modules);
        for (int i = 0; i < modules.length; i++) {
            child(Integer.toString(i), modules[i]);
        }
    }

    @Override
    public TorchTensor forward(TorchTensor input) {
        var output = input;
        for (var module : modules) {
            output = module.forward(output);
        }
        return output;
    }
}
