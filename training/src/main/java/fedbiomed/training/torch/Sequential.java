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
        boolean onlyHere = false;
        for (var module : modules) {
            var next = module.forward(output);
            // what no plan can have kept need not wait for the step's end: its memory is still in the cache; a module
            // without layers gives back the batch itself
            if (onlyHere && module.keepsNothing() && next.raw != output.raw && output.raw != input.raw) {
                output.raw.close();
            }
            onlyHere = module.keepsNothing();
            output = next;
        }
        return output;
    }

    @Override
    boolean keepsNothing() {
        return modules.stream().allMatch(TorchModule::keepsNothing);
    }
}
