package fedbiomed.node.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Researcher asks x node lends x what is there: which device, and what the log says. */
class GpuPolicyTest {
    private static final GpuPolicy LENT = GpuPolicy.of(true, false, null);
    private static final GpuPolicy ALWAYS = GpuPolicy.of(false, true, null);
    private static final Gpus TWO = new Gpus(true, List.of(0, 1));
    private static final Gpus NO_LIBRARIES = new Gpus(false, List.of(0, 1));
    private static final Gpus NO_DEVICE = new Gpus(true, List.of());

    @Test
    void theResearcherAsksAndTheNodeDecides() {
        assertThat(GpuPolicy.NONE.decide(false, true, TWO)).isEqualTo(new GpuPolicy.Decision(false, "", false));
        assertThat(LENT.decide(false, true, TWO)).isEqualTo(new GpuPolicy.Decision(false, "", false));
        assertThat(GpuPolicy.NONE.decide(true, true, TWO))
                .isEqualTo(new GpuPolicy.Decision(
                        false,
                        "computing on the CPU: the researcher asks for a GPU (use_gpu), but this node was started"
                                + " without --gpu",
                        false));
        assertThat(LENT.decide(true, true, TWO))
                .isEqualTo(new GpuPolicy.Decision(
                        true, "computing on GPU 0: the researcher asks for a GPU (use_gpu)", false));
        assertThat(ALWAYS.decide(false, true, TWO))
                .isEqualTo(new GpuPolicy.Decision(true, "computing on GPU 0: --gpu-only is set", false));
        assertThat(ALWAYS.decide(true, false, TWO).because()).contains("CPU", "does not use PyTorch");
    }

    @Test
    void withoutCudaItIsTheCpuAndLoudlySoWhereTheDataManagerWantedTheGpuOnly() {
        var asked = LENT.decide(true, true, NO_LIBRARIES);
        assertThat(asked.gpu()).isFalse();
        assertThat(asked.warning()).isFalse();
        assertThat(asked.because()).contains("libraries for CUDA are not installed");
        for (var lacking : List.of(NO_LIBRARIES, NO_DEVICE)) {
            var only = ALWAYS.decide(false, true, lacking);
            assertThat(only.gpu()).isFalse();
            assertThat(only.warning()).isTrue();
            assertThat(only.because()).startsWith("computing on the CPU: --gpu-only is set, but ");
        }
        assertThat(ALWAYS.decide(false, true, NO_DEVICE).because()).contains("no NVIDIA GPU");
    }

    @Test
    void anotherGpuThanTheNamedOneIsTakenWithAWarning() {
        var second = GpuPolicy.of(false, false, 1);
        assertThat(second.allowed()).isTrue();
        assertThat(second.always()).isFalse();
        assertThat(second.decide(true, true, TWO).because()).startsWith("computing on GPU 1: ");
        var fifth = GpuPolicy.of(false, false, 5).decide(true, true, TWO);
        assertThat(fifth.gpu()).isTrue();
        assertThat(fifth.warning()).isTrue();
        assertThat(fifth.because()).contains("GPU 0", "GPU 5 of --gpu-num is not there");
        assertThatThrownBy(() -> GpuPolicy.of(true, false, -1)).hasMessage("--gpu-num must be at least 0, not -1");
    }

    @Test
    void whatIsThereShowsInTheClassPathAndTheDevices(@TempDir Path devices) throws IOException {
        var cpu = Path.of("lib/pytorch-2.10.0-1.5.13-linux-x86_64.jar");
        var cuda = Path.of("lib/pytorch-2.10.0-1.5.13-linux-x86_64-gpu.jar");
        for (var name : List.of("nvidia1", "nvidia0", "nvidiactl", "nvidia-uvm", "nvidia-modeset", "null")) {
            Files.createFile(devices.resolve(name));
        }
        assertThat(Gpus.of(List.of(cpu), devices)).isEqualTo(NO_LIBRARIES);
        assertThat(Gpus.of(List.of(cpu, cuda), devices)).isEqualTo(TWO);
        assertThat(Gpus.of(List.of(cuda), devices.resolve("none"))).isEqualTo(NO_DEVICE);
        assertThat(Gpus.files(1, devices))
                .containsExactly(
                        devices.resolve("nvidia1"), devices.resolve("nvidiactl"), devices.resolve("nvidia-uvm"));
    }
}
