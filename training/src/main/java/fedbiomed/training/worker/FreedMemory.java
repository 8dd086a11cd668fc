package fedbiomed.training.worker;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * What a job has left unused goes back to the system before the next one: copies of the model outside the heap that
 * nothing refers to any more, which a heap with room in it has no reason to notice; and what the C library keeps of freed
 * memory ({@link WorkerMain#ENVIRONMENT}).
 */
final class FreedMemory {
    private static final String TRIM = "malloc_trim";

    /** Less is not worth a collection. */
    private static final long WORTH_COLLECTING_BYTES = 64L << 20;

    private FreedMemory() {}

    static void giveBack() {
        if (outsideTheHeap() > WORTH_COLLECTING_BYTES) {
            System.gc();
        }
        trim();
    }

    /** Bytes that segments and buffers of this JVM hold, referred to or not. */
    static long outsideTheHeap() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** Where the C library is another than glibc there is nothing to do. */
    private static void trim() {
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
