package fedbiomed.parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files go to and come from the reference implementation, where {@code python3} has it (pip install safetensors numpy). */
class PythonInteropTest {
    @TempDir
    Path folder;

    @BeforeAll
    static void needsTheReference() throws Exception {
        assumeTrue(
                python("import safetensors.numpy").exit() == 0,
                "python3 with the packages safetensors and numpy is not on the PATH");
    }

    private record Run(int exit, String output) {}

    private static Run python(String program, String... arguments) throws InterruptedException {
        var command = new java.util.ArrayList<>(java.util.List.of("python3", "-c", program));
        command.addAll(java.util.List.of(arguments));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(1, TimeUnit.MINUTES);
            return new Run(process.exitValue(), output);
        } catch (IOException e) {
            return new Run(-1, String.valueOf(e.getMessage()));
        }
    }

    @Test
    void theReferenceReadsWhatWeWrite() throws Exception {
        var file = folder.resolve("ours.safetensors");
        var builder = Parameters.builder()
                .metadata("plan", "é")
                .put("flags", Tensor.of(DType.BOOL, new long[] {3}, MemorySegment.ofArray(new byte[] {1, 0, 1})))
                .put("w", Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6.5f}, 2, 3))
                .put("b", Tensor.ofDoubles(new double[] {0.1, -1e300}, 2))
                .put("n", Tensor.ofLongs(new long[] {1L << 60}))
                .put("none", Tensor.ofFloats(new float[0], 0, 2));
        Safetensors.write(file, builder.build());

        var run = python("""
                import sys
                from safetensors import safe_open
                with safe_open(sys.argv[1], 'np') as f:
                    assert f.metadata() == {'plan': 'é'}, f.metadata()
                    t = {k: f.get_tensor(k) for k in f.keys()}
                assert set(t) == {'flags', 'w', 'b', 'n', 'none'}, t.keys()
                assert t['flags'].dtype == bool and t['flags'].tolist() == [True, False, True]
                assert t['w'].dtype == 'float32' and t['w'].tolist() == [[1, 2, 3], [4, 5, 6.5]]
                assert t['b'].dtype == 'float64' and t['b'].tolist() == [0.1, -1e300]
                assert t['n'].dtype == 'int64' and t['n'].shape == () and int(t['n']) == 1 << 60
                assert t['none'].shape == (0, 2)
                """, file.toString());

        assertThat(run.output()).isEmpty();
        assertThat(run.exit()).isZero();
    }

    @Test
    void weReadWhatTheReferenceWrites() throws Exception {
        var file = folder.resolve("theirs.safetensors");
        var run = python("""
                import sys, numpy as np
                from safetensors.numpy import save_file
                save_file({'w': np.arange(6, dtype=np.float32).reshape(2, 3), 'h': np.array([0.5, 65504], np.float16),
                           'd': np.array(0.1), 'i8': np.array([-1], np.int8), 'u8': np.array([255], np.uint8),
                           'i16': np.array([-300], np.int16), 'i32': np.array([-70000], np.int32),
                           'i64': np.array([1 << 40]), 'flag': np.array([True, False]),
                           'none': np.zeros((0, 3))}, sys.argv[1], metadata={'format': 'np'})
                """, file.toString());
        assertThat(run.output()).isEmpty();

        try (var read = Safetensors.open(file)) {
            var p = read.parameters();
            assertThat(p.metadata()).containsEntry("format", "np");
            assertThat(p.get("w").shape()).containsExactly(2, 3);
            assertThat(p.get("w").toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(p.get("h").toDoubles()).containsExactly(0.5, 65504);
            assertThat(p.get("d").shape()).isEmpty();
            assertThat(p.get("d").doubleAt(0)).isEqualTo(0.1);
            assertThat(p.get("i8").doubleAt(0)).isEqualTo(-1);
            assertThat(p.get("u8").doubleAt(0)).isEqualTo(255);
            assertThat(p.get("i16").doubleAt(0)).isEqualTo(-300);
            assertThat(p.get("i32").doubleAt(0)).isEqualTo(-70000);
            assertThat(p.get("i64").doubleAt(0)).isEqualTo(1L << 40);
            assertThat(p.get("flag").toDoubles()).containsExactly(1, 0);
            assertThat(p.get("none").shape()).containsExactly(0, 3);
        }
    }
}
