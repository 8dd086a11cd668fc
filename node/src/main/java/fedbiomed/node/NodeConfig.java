package fedbiomed.node;

import fedbiomed.node.round.SandboxKind;
import fedbiomed.protocol.home.DataSize;
import fedbiomed.protocol.home.Explained;
import fedbiomed.protocol.home.HomeConfig;
import fedbiomed.protocol.home.Retired;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * A node's {@code config.yaml}.
 *
 * @param minimumSamples of files from before {@code policy.yaml}: holds where that says nothing of it; where both do, the
 *     larger holds; 0 if it is not said here
 */
public record NodeConfig(
        @Explained("""
                What shuts a plan in: bubblewrap (no network, no files but its dataset and its work folder), or jvm-only
                where bubblewrap cannot be had: then a plan has this node's rights to files and network, behind nothing
                but the check of its bytecode. The node runs no plan without what is asked for here.""") SandboxKind sandbox,

        @Explained("Heap of a worker (the process that runs a plan); Java's -Xmx.")
        DataSize workerHeap,

        @Explained("Resident memory at which a worker is ended, native libraries included.")
        DataSize workerMemory,

        @Explained("What a plan may write into its work folder during one request, beside its model.")
        DataSize workerDisk,

        @Explained("""
                What a worker may put on the disk of a table that does not fit into half of its heap: 8 bytes a number of
                the columns that a plan reads. It goes with the worker. 0: such a table is refused.""") DataSize workerTables,

        @Explained("Number of threads at which a worker is ended.")
        int workerThreads,

        @Explained("CPU time that a plan may use for one request, all threads together.")
        Duration jobCpuLimit,

        @Explained("How long a plan may work on one request.")
        Duration jobLimit,

        @Explained("A worker without work is ended after this; until then a round does not pay for its start.")
        Duration workerIdle,

        @Explained(
                "While the machine has less memory to give than this, workers without work are ended, the oldest first.")
        DataSize memoryReserve,

        @Explained("Requests worked on at the same time.") int concurrentJobs,

        @Explained("Threads that a plan's native library may use.")
        int threads,

        @Retired("policy.yaml") int minimumSamples,

        @Explained("""
                Largest model that is fetched; also what the attachments of one researcher's plans that are not
                approved may fill.""") DataSize largestModel,

        @Explained("""
                What a plan keeps at this node from round to round (local layers, running means) is kept for the last so
                many trainings of a run on a dataset.""") int stateVersions,

        @Explained("What a plan keeps here is removed when nothing has started from it for so long.")
        Duration stateLifetime,

        @Explained("Of what plans keep here, what was used longest ago is removed beyond this.")
        DataSize stateDisk) {
    static final String ENVIRONMENT_PREFIX = "FEDBIOMED_NODE";

    /** Says nothing: the policy has its own. */
    private static final int NO_MINIMUM = 0;

    public static final NodeConfig DEFAULTS = new NodeConfig(
            SandboxKind.BUBBLEWRAP,
            DataSize.ofMebibytes(512),
            DataSize.ofGibibytes(2),
            DataSize.ofGibibytes(1),
            DataSize.ofGibibytes(64),
            200,
            Duration.ofHours(2),
            Duration.ofHours(1),
            Duration.ofMinutes(5),
            DataSize.ofMebibytes(512),
            2,
            1,
            NO_MINIMUM,
            DataSize.ofGibibytes(4),
            5,
            Duration.ofDays(30),
            DataSize.ofGibibytes(16));

    public NodeConfig {
        atLeast("worker_heap", workerHeap.bytes(), 16 << 20);
        atLeast("worker_memory", workerMemory.bytes(), 64 << 20);
        atLeast("worker_disk", workerDisk.bytes(), 1 << 20);
        atLeast("worker_tables", workerTables.bytes(), 0);
        atLeast("worker_threads", workerThreads, 50);
        atLeast("job_cpu_limit", jobCpuLimit.toMillis(), 1000);
        atLeast("job_limit", jobLimit.toMillis(), 1000);
        atLeast("worker_idle", workerIdle.toMillis(), 0);
        atLeast("concurrent_jobs", concurrentJobs, 1);
        atLeast("threads", threads, 1);
        atLeast("minimum_samples", minimumSamples, NO_MINIMUM);
        atLeast("state_versions", stateVersions, 1);
        atLeast("state_lifetime", stateLifetime.toMillis(), 1000);
    }

    private static void atLeast(String key, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(key + " must be at least " + least + ", not " + value);
        }
    }

    static HomeConfig<NodeConfig> file() {
        return HomeConfig.of(ENVIRONMENT_PREFIX, DEFAULTS);
    }

    /** The settings of {@code home} with the environment's overrides. */
    public static NodeConfig read(Path home, Map<String, String> environment) {
        return file().read(home, environment);
    }
}
