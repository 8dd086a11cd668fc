package fedbiomed.training.torch;

import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.named_buffer_list;
import org.bytedeco.pytorch.named_parameter_list;

/** A module that came as TorchScript: its names are those of the state dict in Python. */
final class ScriptModule extends TorchModule {
    final JitModule script;

    ScriptModule(Path file) {
        super(new Module("ScriptModule"));
        script = torch.load(file.toString());
    }

    @Override
    public TorchTensor forward(TorchTensor input) {
        return new TorchTensor(
                script.forward(new IValueVector(new IValue(input.raw))).toTensor());
    }

    @Override
    void putParameters(String prefix, Map<String, Tensor> into) {
        named_parameter_list list = script.named_parameters();
        for (var each = list.begin(); each.notEquals(list.end()); each.increment()) {
            into.put(prefix + each.access().name().getString(), each.access().value());
        }
    }

    @Override
    void putBuffers(String prefix, Map<String, Tensor> into) {
        named_buffer_list list = script.named_buffers();
        for (var each = list.begin(); each.notEquals(list.end()); each.increment()) {
            into.put(prefix + each.access().name().getString(), each.access().value());
        }
    }

    @Override
    void moveTo(Device device) {
        script.to(device);
    }

    @Override
    void setTraining(boolean training) {
        script.train(training);
    }
}
