package fedbiomed.protocol.message;

import fedbiomed.vocabulary.DatasetDescription;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.PlanId;
import fedbiomed.vocabulary.PlanStatus;
import fedbiomed.vocabulary.PreprocessingStatistics;
import fedbiomed.vocabulary.Timings;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A node's answer; {@link #request} is the id of the request that it answers. */
public sealed interface Reply extends Message {
    String request();

    /** Answers {@link Request.Search} and {@link Request.ListDatasets}. */
    record Datasets(String request, List<DatasetDescription> datasets) implements Reply {
        public Datasets {
            datasets = List.copyOf(datasets);
        }
    }

    /**
     * Answers {@link Request.PlanState} and {@link Request.Approval}.
     *
     * @param note what the data manager wrote when approving or rejecting; empty if nothing
     */
    record PlanState(String request, PlanId plan, PlanStatus status, String note) implements Reply {}

    record Statistics(String request, PreprocessingStatistics statistics, Timings timings) implements Reply {}

    /**
     * @param samples training rows
     * @param updates optimizer steps
     * @param loss mean training loss of the last epoch; NaN is never sent: {@code null} then
     * @param withheldBy the rule of the node's policy that keeps loss and tests there; {@code null} where none does
     * @param update the trained parameters, in the store
     * @param stateKept whether the node keeps something of this training for a later one to start from ({@link Job#state})
     * @param scalars numbers that arose for the monitor ({@link Message.Scalars}), those that were left out too; {@code
     *     null} where the node does not say
     */
    record Train(
            String request,
            long samples,
            long updates,
            @Nullable Double loss,
            @Nullable EvaluationSums globalTest,
            @Nullable EvaluationSums localTest,
            @Nullable String withheldBy,
            ParametersRef update,
            boolean stateKept,
            Timings timings,
            @Nullable Long scalars)
            implements Reply {
        /** Whether loss and tests are missing because the node's policy does not give them. */
        public boolean metricsWithheld() {
            return withheldBy != null;
        }
    }

    record Evaluate(String request, EvaluationSums test, Timings timings) implements Reply {}

    /**
     * The plan runs on the dataset.
     *
     * @param samples training rows
     * @param batch shapes of a batch's arrays, samples first
     * @param batches that the phase {@code batches} of {@code timings} took, each forward and back, at least 1
     */
    record Check(String request, long samples, List<List<Long>> batch, long batches, Timings timings) implements Reply {
        /** More arrays, or dimensions of one, than a plan has. */
        private static final int MOST = 32;

        public Check {
            if (batch.size() > MOST || batch.stream().anyMatch(shape -> shape.size() > MOST)) {
                throw new IllegalArgumentException(
                        "a batch has at most " + MOST + " arrays of " + MOST + " dimensions");
            }
            batch = List.copyOf(batch);
        }
    }

    /**
     * The request could not be served.
     *
     * @param request its id; empty where it could not be opened
     * @param message the name of the message that is answered ({@link Envelope.Header#message}): an error of yesterday is
     *     no answer to the same question of today
     * @param text for a person: what went wrong and what to do
     * @param rule of the node's policy that refused, such as {@code quiet_hours}; {@code null} where it was none
     */
    record Error(
            String request,
            String message,
            ErrorCode code,
            String text,
            @Nullable String rule) implements Reply {
        /** Longest text that is sent, in characters. */
        public static final int MAX_TEXT_CHARS = 4000;

        private static final int MAX_RULE_CHARS = 64;

        public Error {
            message = Objects.requireNonNullElse(message, "");
            text = text.length() > MAX_TEXT_CHARS ? text.substring(0, MAX_TEXT_CHARS) : text;
            rule = rule != null && rule.length() > MAX_RULE_CHARS ? rule.substring(0, MAX_RULE_CHARS) : rule;
        }

        /** Refused for another reason than the node's policy. */
        public Error(String request, String message, ErrorCode code, String text) {
            this(request, message, code, text, null);
        }

        /** As above, where it is not known yet which message it answers. */
        public Error(String request, ErrorCode code, String text) {
            this(request, "", code, text);
        }

        /** What went wrong, as it may be sent. */
        public static Error of(String request, FedbiomedException problem) {
            return new Error(request, "", problem.code(), problem.text(), problem.rule());
        }

        public Error answering(String message) {
            return new Error(request, message, code, text, rule);
        }
    }
}
