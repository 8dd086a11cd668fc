package fedbiomed.node;

import fedbiomed.node.round.GpuPolicy;
import fedbiomed.node.round.WorkerLimits;
import fedbiomed.node.round.WorkerSettings;
import java.nio.file.Path;
import java.time.Duration;

/** How a node's child processes are started and what they may use, by its settings. */
public final class WorkerSetup {
    private WorkerSetup() {}

    /** Of those that run plans; their work folders are the running node's alone. */
    static WorkerSettings workers(Path home, NodeConfig config, GpuPolicy gpu) {
        return settings(home, "work", config, limits(config, config.jobLimit(), config.jobCpuLimit()), gpu);
    }

    /** Of those that read datasets which native code decodes. @param most how long one may take */
    public static WorkerSettings readers(Path home, NodeConfig config, Duration most) {
        return settings(home, "reading", config, limits(config, most, most), GpuPolicy.NONE);
    }

    private static WorkerSettings settings(
            Path home, String work, NodeConfig config, WorkerLimits limits, GpuPolicy gpu) {
        return new WorkerSettings(
                home.resolve(work),
                home.resolve("logs"),
                home.resolve("cache"),
                config.sandbox(),
                limits,
                config.workerIdle(),
                config.memoryReserve().bytes(),
                config.concurrentJobs(),
                true,
                gpu);
    }

    private static WorkerLimits limits(NodeConfig config, Duration time, Duration cpu) {
        return new WorkerLimits(
                config.workerHeap().bytes(),
                config.workerMemory().bytes(),
                config.workerDisk().bytes(),
                config.workerTables().bytes(),
                WorkerLimits.largestFile(
                        config.workerDisk().bytes(), config.largestModel().bytes()),
                config.threads(),
                config.workerThreads(),
                time,
                cpu);
    }
}
