package fedbiomed.training.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fedbiomed.data.source.StoredDataset;
import fedbiomed.vocabulary.Args;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Participant;
import fedbiomed.vocabulary.PartyId;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Timings;
import fedbiomed.vocabulary.TrainingArgs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerFramesTest {
    private static final WorkerJob JOB = new WorkerJob(
            WorkerJob.Task.TRAIN,
            Path.of("/tmp/a plan.java"),
            new Args(Map.of("eta0", 0.5)),
            TrainingArgs.builder().numUpdates(3).build(),
            new Participant(new PartyId("hospital-a"), "heart"),
            2,
            new StoredDataset("csv", Path.of("/tmp/ä.csv")),
            Path.of("/tmp/g"),
            null,
            PreprocessingStatistics.NONE);

    private static byte[] framed(Object... messages) throws IOException {
        var out = new ByteArrayOutputStream();
        for (var message : messages) {
            WorkerFrames.write(out, message);
        }
        return out.toByteArray();
    }

    @Test
    void messagesComeOutAsTheyWentIn() throws IOException {
        var done = new WorkerReply.Done(3, 0, Double.NaN, null, null, PreprocessingStatistics.NONE, Timings.NONE);
        var in = new ByteArrayInputStream(framed(JOB, done));
        assertThat(WorkerFrames.read(in, WorkerJob.class)).isEqualTo(JOB);
        assertThat(WorkerFrames.read(in, WorkerReply.class)).isEqualTo(done);
        assertThat(WorkerFrames.read(in, WorkerReply.class)).isNull();
    }

    @Test
    void aStreamThatEndsWithinAMessageIsAnError() throws IOException {
        var whole = framed(JOB);
        for (int length = 1; length < whole.length; length++) {
            var part = new ByteArrayInputStream(Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> WorkerFrames.read(part, WorkerJob.class)).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aLengthThatIsNotBelievableIsRefusedBeforeAnythingIsAllocated() {
        for (var prefix : new byte[][] {{0, 0, 0, 0}, {-1, -1, -1, -1}, {1, 0, 0, 1}, {127, -1, -1, -1}}) {
            assertThatThrownBy(() -> WorkerFrames.read(new ByteArrayInputStream(prefix), WorkerJob.class))
                    .isInstanceOfSatisfying(
                            FedbiomedException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_MESSAGE));
        }
    }

    @Test
    void whatIsNoJobIsRefused() {
        for (var json : new String[] {"null", "[]", "{\"task\":\"DANCE\"}", "{"}) {
            var frame = new byte[4 + json.length()];
            frame[3] = (byte) json.length();
            System.arraycopy(json.getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, frame, 4, json.length());
            assertThatThrownBy(() -> WorkerFrames.read(new ByteArrayInputStream(frame), WorkerJob.class))
                    .hasMessageContaining("no WorkerJob");
        }
    }
}
