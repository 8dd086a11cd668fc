package fedbiomed.node.round;

import java.util.Optional;

/** What one job uses, looked at again and again while it runs, against what it may. */
final class WorkerWatch {
    private static final long LOOK_NANOS = 400_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final Process process;
    private final WorkerFolder folder;
    private final WorkerLimits limits;
    private final long diskBytes;
    private final long start = System.nanoTime();
    private final long cpuMillisBefore;
    private long lastLook = start;

    /** @param diskBytes what the job may have written at any time */
    WorkerWatch(Process process, WorkerFolder folder, WorkerLimits limits, long diskBytes) {
        this.process = process;
        this.folder = folder;
        this.limits = limits;
        this.diskBytes = diskBytes;
        this.cpuMillisBefore = ProcessUsage.of(process.toHandle()).cpuMillis();
    }

    /** What is beyond its limit, with a remedy; looks at most a few times a second. */
    Optional<String> look() {
        long now = System.nanoTime();
        if ((now - start) / NANOS_PER_MILLI > limits.jobTime().toMillis()) {
            return Optional.of("it worked for " + limits.jobTime().toSeconds()
                    + " s, the limit of this node (job_limit); let it do less (fewer epochs, num_updates), or ask the"
                    + " data manager for a higher limit");
        }
        if (now - lastLook < LOOK_NANOS) {
            return Optional.empty();
        }
        lastLook = now;
        return beyond(ProcessUsage.of(process.toHandle())).or(this::beyondDisk);
    }

    private Optional<String> beyond(ProcessUsage usage) {
        if (usage.residentBytes() > limits.memoryBytes()) {
            return Optional.of("it used " + mebibytes(usage.residentBytes()) + " MiB of memory, more than the "
                    + mebibytes(limits.memoryBytes())
                    + " MiB that this node allows (worker_memory); lower batch_size or the model's size, or ask the data"
                    + " manager for a higher limit");
        }
        if (usage.threads() > limits.allThreads()) {
            return Optional.of("it made " + usage.threads() + " threads; this node allows " + limits.allThreads()
                    + " (worker_threads), and a plan needs none of its own");
        }
        if (usage.javas() > 1) {
            return Optional.of("it started another process, which a plan may not");
        }
        long cpuMillis = usage.cpuMillis() - cpuMillisBefore;
        if (cpuMillis > limits.jobCpu().toMillis()) {
            return Optional.of("it used " + limits.jobCpu().toSeconds()
                    + " s of CPU time, the limit of this node (job_cpu_limit); let it do less, or ask the data manager for"
                    + " a higher limit");
        }
        return Optional.empty();
    }

    private Optional<String> beyondDisk() {
        if (folder.tableBytes() > limits.tableBytes()) {
            return Optional.of("it put more than " + mebibytes(limits.tableBytes())
                    + " MiB of a table, or too many files, on the disk (worker_tables); let it read fewer columns, or ask"
                    + " the data manager for a higher limit");
        }
        return folder.writtenBytes() <= diskBytes
                ? Optional.empty()
                : Optional.of("it wrote more than " + mebibytes(diskBytes)
                        + " MiB, or too many files, into its work folder (worker_disk); a plan needs to write none");
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }
}
