package fedbiomed.training.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.bytedeco.javacpp.Loader;

/**
 * How many threads OpenBLAS multiplies matrices with. It has threads of its own, which PyTorch's setting does not
 * reach and its binding does not offer; on busy cores they slow a small network down by a factor of twenty.
 */
final class BlasThreads {
    private static final String SETTER = "openblas_set_num_threads";

    private BlasThreads() {}

    /** Where PyTorch computes with another BLAS there is nothing to set. */
    static void set(int threads) {
        for (var library : Loader.getLoadedLibraries().values()) {
            var file = Path.of(library);
            if (String.valueOf(file.getFileName()).startsWith("libopenblas")) {
                set(file, threads);
            }
        }
    }

    private static void set(Path library, int threads) {
        try (var arena = Arena.ofConfined()) {
            var setter = SymbolLookup.libraryLookup(library, arena).find(SETTER);
            if (setter.isPresent()) {
                Linker.nativeLinker()
                        .downcallHandle(setter.get(), FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT))
                        .invokeExact(threads);
            }
        } catch (Throwable e) {
            throw new IllegalStateException("cannot set OpenBLAS's threads in " + library, e);
        }
    }
}
