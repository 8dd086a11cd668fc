package fedbiomed.training.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FreedMemoryTest {
    private static final long LARGE = 80L << 20;
    private static final int PATIENCE_SECONDS = 20;
    private static final int LOOK_EVERY_MILLIS = 10;

    @Test
    void aCopyOfAModelThatNobodyRefersToIsGivenBack() throws InterruptedException {
        long before = FreedMemory.outsideTheHeap();
        assertThat(Arena.ofAuto().allocate(LARGE).byteSize()).isEqualTo(LARGE);
        assertThat(FreedMemory.outsideTheHeap()).isGreaterThanOrEqualTo(before + LARGE);

        FreedMemory.giveBack();

        // the JVM frees it in a thread of its own
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (FreedMemory.outsideTheHeap() >= before + LARGE && System.nanoTime() < end) {
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        assertThat(FreedMemory.outsideTheHeap()).isLessThan(before + LARGE);
    }
}
