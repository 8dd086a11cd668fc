package fedbiomed.node.round;

import fedbiomed.node.policy.PolicyRule;
import fedbiomed.node.registry.AttachmentStore;
import fedbiomed.node.registry.ReviewedPlan;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import java.nio.file.Path;

/** Those who run plans on data: processes in a sandbox ({@link WorkerPool}), or what stands in for them. */
public interface Workers extends AutoCloseable {
    /**
     * Where a plan's work is done.
     *
     * @param asked whether the researcher wants a GPU
     */
    GpuPolicy.Decision gpu(boolean asked, boolean torch);

    /**
     * Puts a plan where they read it.
     *
     * @param job the job's folder
     * @param files the plans' attachments
     * @return its source file, beside which its attachments lie
     */
    default Path plan(Path job, ReviewedPlan plan, AttachmentStore files) {
        return PlanFolder.write(job, plan, files);
    }

    /**
     * Does the job.
     *
     * @param torch whether the plan uses PyTorch's libraries
     * @param scalars told losses and metrics as they arise
     * @throws FedbiomedException why it was not done; its text may be sent
     */
    WorkerReply.Done run(WorkerKey key, WorkerJob job, boolean torch, ScalarStream scalars);

    /** How many live, at work or warm. */
    int size();

    /** Ends all; returns when they are gone. */
    @Override
    void close();

    /** What a worker refused, as the node tells it: the only rule that a worker is told of is the minimum of samples. */
    static FedbiomedException refusal(ErrorCode code, String text) {
        return code == ErrorCode.POLICY
                ? FedbiomedException.byRule(PolicyRule.MINIMUM_SAMPLES.key(), text)
                : new FedbiomedException(code, text);
    }
}
