package fedbiomed.training.worker;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;

/** What the C library keeps of freed memory ({@link WorkerMain#ENVIRONMENT}) goes back between two jobs. */
final class FreedMemory {
    private static final String TRIM = "malloc_trim";

    private FreedMemory() {}

    /** Where the C library is another than glibc there is nothing to do. */
    static void giveBack() {
        var linker = Linker.nativeLinker();
        linker.defaultLookup().find(TRIM).ifPresent(trim -> {
            try {
                var _ = (int)
                        linker.downcallHandle(trim, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG))
                                .invokeExact(0L);
            } catch (Throwable e) {
                throw new IllegalStateException("cannot give freed memory back", e);
            }
        });
    }
}
