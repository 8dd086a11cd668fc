package fedbiomed.benchmarks;

import fedbiomed.node.round.GpuPolicy;
import fedbiomed.node.round.ScalarStream;
import fedbiomed.node.round.WorkerKey;
import fedbiomed.node.round.Workers;
import fedbiomed.training.worker.WorkerJob;
import fedbiomed.training.worker.WorkerReply;
import fedbiomed.vocabulary.ErrorCode;
import fedbiomed.vocabulary.FedbiomedException;
import fedbiomed.vocabulary.Scalar;
import fedbiomed.vocabulary.Timings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** Stands in for worker processes, of which a machine has no room for a thousand: what came goes back, as one step of learning rate 0 leaves it. */
final class UntrainedWorkers implements Workers {
    private final long rows;

    /** @param rows that each job says it was trained on */
    UntrainedWorkers(long rows) {
        this.rows = rows;
    }

    @Override
    public GpuPolicy.Decision gpu(boolean asked, boolean torch) {
        return new GpuPolicy.Decision(false, "", false);
    }

    @Override
    public WorkerReply.Done run(WorkerKey key, WorkerJob job, boolean torch, ScalarStream scalars) {
        var global = job.parameters();
        var trained = job.output();
        if (job.task() != WorkerJob.Task.TRAIN || global == null || trained == null) {
            throw new FedbiomedException(ErrorCode.INTERNAL, "a node of this benchmark does nothing but train");
        }
        try {
            Files.copy(global, trained);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + trained, e);
        }
        scalars.add(new Scalar(job.round(), job.participant(), "training", "loss", 1, 1, 1));
        scalars.flush();
        return new WorkerReply.Done(rows, 1, 1, null, null, null, Timings.NONE);
    }

    @Override
    public int size() {
        return 0;
    }

    @Override
    public void close() {}
}
