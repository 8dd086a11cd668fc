package fedbiomed.training.worker;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * Unpacks PyTorch's libraries into the folder that the system property {@code org.bytedeco.javacpp.cachedir} names, and
 * ends. Run before a sandbox closes, in which that folder can only be read.
 */
public final class NativesMain {
    private NativesMain() {}

    static void main() {
        Loader.load(torch.class);
    }
}
