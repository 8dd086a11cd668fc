package fedbiomed.training.worker;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.Timings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a worker says: any number of {@link Progress}, then one {@link Done} or {@link Failed} a job. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = WorkerReply.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = WorkerReply.Done.class, name = "done"),
    @JsonSubTypes.Type(value = WorkerReply.Failed.class, name = "failed")
})
public sealed interface WorkerReply {
    record Progress(Scalar scalar) implements WorkerReply {}

    /**
     * @param samples training rows (or held-out rows of an evaluation)
     * @param updates optimizer steps made
     * @param loss mean loss of the last epoch's batches; NaN where nothing was trained
     * @param globalTest of the incoming model, where asked for
     * @param localTest of the trained model, where asked for
     * @param statistics for {@link WorkerJob.Task#STATISTICS}
     * @param batch shapes of a batch's arrays ({@code [batch_size, features]} for a table), for {@link WorkerJob.Task#CHECK}
     * @param timings of phases {@code batches} (for {@link WorkerJob.Task#CHECK}), {@code compile}, {@code load}, {@code train}, {@code test}, {@code write}
     * @param missedScalars numbers that the worker could not hand on in time
     */
    record Done(
            long samples,
            long updates,
            double loss,
            @Nullable EvaluationSums globalTest,
            @Nullable EvaluationSums localTest,
            @Nullable PreprocessingStatistics statistics,
            List<List<Long>> batch,
            Timings timings,
            long missedScalars)
            implements WorkerReply {
        public Done {
            batch = List.copyOf(batch);
        }

        /** Of all tasks but {@link WorkerJob.Task#CHECK}. */
        public Done(
                long samples,
                long updates,
                double loss,
                @Nullable EvaluationSums globalTest,
                @Nullable EvaluationSums localTest,
                @Nullable PreprocessingStatistics statistics,
                Timings timings) {
            this(samples, updates, loss, globalTest, localTest, statistics, List.of(), timings, 0);
        }

        /** The same with other timings. */
        public Done timed(Timings others) {
            return new Done(samples, updates, loss, globalTest, localTest, statistics, batch, others, missedScalars);
        }

        Done missing(long scalars) {
            return new Done(samples, updates, loss, globalTest, localTest, statistics, batch, timings, scalars);
        }
    }

    /**
     * @param text for a person at the researcher's side: line and message of a compiler error, the class of an exception
     *     and the plan's line; never an exception's own text, which may hold a row
     * @param detail for the node's own log alone
     */
    record Failed(ErrorCode code, String text, String detail) implements WorkerReply {}
}
