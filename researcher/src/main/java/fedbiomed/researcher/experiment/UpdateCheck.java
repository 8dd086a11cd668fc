package fedbiomed.researcher.experiment;

import fedbiomed.parameters.CompressedUpdate;
import fedbiomed.parameters.CompressionScheme;
import fedbiomed.parameters.Safetensors;
import fedbiomed.parameters.VectorMath;
import fedbiomed.protocol.message.Reply;
import fedbiomed.researcher.aggregator.AggregationRound;
import fedbiomed.researcher.aggregator.Aggregator;
import fedbiomed.training.PlanRequirements;
import fedbiomed.training.metrics.Metrics;
import fedbiomed.training.metrics.SumNames;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.EvaluationSums;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Believes nothing that a node answers before it is checked: counts, sizes, test sums, and the update itself. */
final class UpdateCheck {
    /** What an update's file may have over what is expected: its header may be written otherwise. */
    private static final long SLACK_BYTES = 64 << 10;

    private final PlanRequirements plan;
    private final Aggregator aggregator;
    private final @Nullable CompressionScheme compression;
    private final long expectedBytes;

    /**
     * @param compression that was asked for; {@code null}: none
     * @param global the model that the round began with
     */
    UpdateCheck(PlanRequirements plan, Aggregator aggregator, @Nullable CompressionScheme compression, Path global) {
        this.plan = plan;
        this.aggregator = aggregator;
        this.compression = compression;
        try {
            this.expectedBytes = compression == null
                    ? Files.size(global) * (1 + aggregator.receivedVectors().size())
                    : compressedBytes(compression, aggregator, global);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + global, e);
        }
    }

    private static long compressedBytes(CompressionScheme compression, Aggregator aggregator, Path global) {
        try (var mapped = Safetensors.open(global)) {
            return CompressedUpdate.sizeBytes(compression, AggregationRound.expected(aggregator, mapped.parameters()));
        }
    }

    /** Before the update is fetched. @throws FedbiomedException {@code DATA_UNFIT} or {@code POLICY} saying what is wrong */
    void reply(ChosenDataset dataset, Reply.Train reply) {
        if (reply.samples() < 1 || reply.samples() > dataset.rows()) {
            throw unfit("it says that it trained on " + reply.samples() + " rows; its dataset has " + dataset.rows());
        }
        if (reply.updates() < 0) {
            throw unfit("it says that it made " + reply.updates() + " updates");
        }
        if (reply.loss() != null && !Double.isFinite(reply.loss())) {
            throw unfit("its loss is not finite");
        }
        if (reply.update().sizeBytes() > expectedBytes + SLACK_BYTES) {
            throw new FedbiomedException(
                    ErrorCode.POLICY,
                    "its update has " + reply.update().sizeBytes() + " bytes, and " + expectedBytes
                            + " are expected; it was not fetched");
        }
        test(dataset, reply.globalTest());
        test(dataset, reply.localTest());
    }

    void test(@Nullable ChosenDataset dataset, @Nullable EvaluationSums test) {
        if (test == null || dataset == null) {
            return;
        }
        if (test.count() < 0 || test.count() > dataset.rows()) {
            throw unfit("it says that it tested on " + test.count() + " rows; its dataset has " + dataset.rows());
        }
        var expected = Metrics.keys(plan.task(), plan.classes().size(), plan.probabilistic(), plan.metrics());
        boolean custom = plan.task().equals(SumNames.CUSTOM);
        if (!test.task().equals(plan.task())
                || !test.classes().equals(custom ? List.of() : plan.classes())
                || !test.sums().keySet().equals(expected)) {
            throw unfit("its test results are not those of this plan's task (" + plan.task() + ")");
        }
        for (var sum : test.sums().entrySet()) {
            for (double value : sum.getValue()) {
                if (!Double.isFinite(value)) {
                    throw unfit("its test results hold a number that is not finite (" + Text.shown(sum.getKey()) + ")");
                }
            }
        }
        try {
            Metrics.of(test);
        } catch (IllegalArgumentException e) {
            throw unfit("its test results cannot be read: " + e.getMessage());
        }
    }

    /** @throws FedbiomedException naming the tensor that has another shape or is not finite */
    void update(String whose, Path global, Path update) {
        try (var expected = Safetensors.open(global);
                var came = Safetensors.open(update)) {
            AggregationRound.expected(aggregator, expected.parameters()).requireSameStructure(came.parameters());
            VectorMath.requireFinite(came.parameters(), whose);
        }
    }

    /**
     * Makes the model of what came, where it came compressed.
     *
     * @param begunWith the model that its training began with
     * @param came as it was fetched
     * @throws FedbiomedException {@code DATA_UNFIT} naming the tensor that is not as was asked
     */
    void restore(String whose, Path begunWith, Path came, Path update) {
        if (compression != null) {
            try (var global = Safetensors.open(begunWith)) {
                var expected = AggregationRound.expected(aggregator, global.parameters());
                CompressedUpdate.restore(compression, expected, came, "the update of " + whose, update);
            }
        }
    }

    private static FedbiomedException unfit(String what) {
        return new FedbiomedException(ErrorCode.DATA_UNFIT, what);
    }
}
