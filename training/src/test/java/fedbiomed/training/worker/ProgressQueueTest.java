package fedbiomed.training.worker;

import static org.assertj.core.api.Assertions.assertThat;

import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.Scalar;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProgressQueueTest {
    private static final Participant WHO = new Participant(PartyId.of("hospital-a"), "heart");

    private static Scalar scalar(long iteration) {
        return new Scalar(1, WHO, "training", "loss", iteration, 0, 0.5);
    }

    @Test
    void aParentThatDoesNotReadHoldsNobodyUpAndWhatItMissesIsCounted() {
        var reads = new CountDownLatch(1);
        var written = Collections.synchronizedList(new ArrayList<Long>());
        var queue = new ProgressQueue(scalar -> {
            try {
                reads.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            written.add(scalar.iteration());
        });
        int flood = 10 * ProgressQueue.PLACES;
        for (int i = 0; i < flood; i++) {
            queue.add(scalar(i));
        }
        assertThat(written).isEmpty();
        reads.countDown();
        queue.close();
        assertThat(written)
                .hasSizeGreaterThanOrEqualTo(ProgressQueue.PLACES)
                .isSorted()
                .endsWith(flood - 2L, flood - 1L);
        assertThat(written.size() + queue.missed()).isEqualTo(flood);
    }

    @Test
    void whatHasAPlaceIsWrittenBeforeTheAnswer() {
        var written = Collections.synchronizedList(new ArrayList<Long>());
        try (var queue = new ProgressQueue(scalar -> written.add(scalar.iteration()))) {
            for (int i = 0; i < 100; i++) {
                queue.add(scalar(i));
            }
        }
        assertThat(written).hasSize(100).isSorted();
    }

    @Test
    void aWriterThatFailsEndsAndNobodyWaitsForIt() {
        var queue = new ProgressQueue(_ -> {
            throw new IllegalStateException("the parent no longer listens");
        });
        for (int i = 0; i < 10 * ProgressQueue.PLACES; i++) {
            queue.add(scalar(i));
        }
        queue.close();
    }
}
