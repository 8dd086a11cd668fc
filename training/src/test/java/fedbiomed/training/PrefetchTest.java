package fedbiomed.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.source.ReadProgress;
import fedbiomed.data.source.SampleSource;
import fedbiomed.parameters.DType;
import fedbiomed.vocabulary.ColumnDescription;
import fedbiomed.vocabulary.ColumnType;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrefetchTest {
    private static final int SAMPLES = 103;

    /** Sample {@code i} of {@code image} is {@code i, i + 0.5}, of {@code label} {@code i}; reading some may be hindered. */
    private static class Source implements SampleSource {
        final AtomicInteger reads = new AtomicInteger();
        final Set<String> readers = ConcurrentHashMap.newKeySet();
        final int width;

        Source(int width) {
            this.width = width;
        }

        @Override
        public int samples() {
            return SAMPLES;
        }

        @Override
        public List<ColumnDescription> columns() {
            return List.of(
                    new ColumnDescription("image", ColumnType.REAL, 0, DType.F32.name(), List.of((long) width)),
                    new ColumnDescription("label", ColumnType.INTEGER, 0, DType.I64.name(), List.of()));
        }

        @Override
        public void read(String array, int sample, MemorySegment into) {
            reads.incrementAndGet();
            readers.add(Thread.currentThread().getName());
            if (array.equals("label")) {
                into.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, sample);
                return;
            }
            into.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, sample);
            into.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4, sample + 0.5f);
        }

        @Override
        public @Nullable String[] texts(String column) {
            throw new IllegalArgumentException(column);
        }

        @Override
        public void requireSound(ReadProgress progress) {}

        @Override
        public String fingerprint() {
            return "";
        }
    }

    private static PreparedArray prepared(SampleSource source, String array, int index) {
        return PreparedArray.of(ArrayColumn.of(source, array), List.of(), index, false);
    }

    private static Samples samples(SampleSource source) {
        var columns = List.of(prepared(source, "image", 0), prepared(source, "label", 1));
        int[] backwards = IntStream.range(0, SAMPLES).map(i -> SAMPLES - 1 - i).toArray();
        return Samples.of(SampleArrays.of(columns, backwards), new double[0]);
    }

    @Test
    void whatComesIsWhatWouldHaveBeenReadWithoutIt() {
        var source = new Source(2);
        int sample = SAMPLES;
        try (var batches = new Prefetch(samples(source).batches(10));
                var arena = Arena.ofConfined()) {
            while (batches.hasNext()) {
                var batch = batches.next();
                assertThat(batch.rows()).isEqualTo(Math.min(10, sample));
                var images = arena.allocate(batch.arrays().sizeBytes("image"));
                var labels = arena.allocate(batch.arrays().sizeBytes("label"));
                batch.arrays().gather("image", images);
                batch.arrays().gather("label", labels);
                for (int i = 0; i < batch.rows(); i++) {
                    sample--;
                    assertThat(images.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, 2L * i))
                            .isEqualTo(sample);
                    assertThat(images.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, 2L * i + 1))
                            .isEqualTo(sample + 0.5f);
                    assertThat(labels.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i))
                            .isEqualTo(sample);
                }
            }
        }
        assertThat(sample).isZero();
        assertThat(source.reads).hasValue(2 * SAMPLES);
        assertThat(source.readers).doesNotContain(Thread.currentThread().getName());
    }

    @Test
    void theNextBatchIsReadWhileThePresentOneIsUsed() throws InterruptedException {
        var second = new CountDownLatch(1);
        var source = new Source(2) {
            @Override
            public void read(String array, int sample, MemorySegment into) {
                super.read(array, sample, into);
                if (sample == SAMPLES - 11) {
                    second.countDown();
                }
            }
        };
        try (var batches = new Prefetch(samples(source).batches(10))) {
            batches.next();
            assertThat(second.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aSampleThatCannotBeReadIsToldWhenItsBatchIsAskedFor() {
        var failure = new FedbiomedException(ErrorCode.DATA_UNFIT, "sample 50 is broken");
        var source = new Source(2) {
            @Override
            public void read(String array, int sample, MemorySegment into) {
                if (sample == SAMPLES - 1 - 15) {
                    throw failure;
                }
                super.read(array, sample, into);
            }
        };
        try (var batches = new Prefetch(samples(source).batches(10))) {
            assertThat(batches.next().rows()).isEqualTo(10);
            assertThatThrownBy(batches::next).isSameAs(failure);
        }
    }

    @Test
    void batchesThatLieReadyAreBounded() {
        int width = 4_000_000; // 16 MB a sample, 64 MB a batch: two lie ready
        var source = new Source(width);
        try (var batches = new Prefetch(samples(source).batches(4))) {
            batches.next();
        }
        // the present batch and the two that were ahead of it, if they had begun
        assertThat(source.reads).hasValueLessThanOrEqualTo(3 * 4 * 2);
    }

    @Test
    void aBatchLargerThanWhatMayLieReadyIsReadWhenItIsLookedAt() {
        var source = new Source(1_000_000);
        try (var batches = new Prefetch(samples(source).batches(SAMPLES));
                var arena = Arena.ofConfined()) {
            var batch = batches.next();
            assertThat(source.reads).hasValue(0);
            var labels = arena.allocate(batch.arrays().sizeBytes("label"));
            batch.arrays().gather("label", labels);
            assertThat(labels.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(SAMPLES - 1);
        }
    }
}
