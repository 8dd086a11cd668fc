package fedbiomed.node.round;

import java.util.Optional;

/** What one job uses, looked at again and again while it runs, against what it may. */
final class WorkerWatch {
    private static final long LOOK_NANOS = 400_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final ProcessFamily family;
    private final WorkerFolder folder;
    private final WorkerLimits limits;
    private final long diskBytes;
    private final long start = System.nanoTime();
    private final long cpuMillisBefore;
    private long lastLook = start;
    private long residentBytes;

    /** @param diskBytes what the job may have written at any time */
    WorkerWatch(ProcessFamily family, WorkerFolder folder, WorkerLimits limits, long diskBytes) {
        this.family = family;
        this.folder = folder;
        this.limits = limits;
        this.diskBytes = diskBytes;
        this.cpuMillisBefore = family.usageOfKnown().cpuMillis();
    }

    enum Limit {
        TIME,
        MEMORY,
        THREADS,
        PROCESSES,
        CPU,
        TABLES,
        DISK
    }

    /** @param text what it did, and which limit of the node's that is, as the beginning of a sentence */
    record Excess(Limit limit, String text) {}

    /** What is beyond its limit; looks at most a few times a second. */
    Optional<Excess> look() {
        long now = System.nanoTime();
        if ((now - start) / NANOS_PER_MILLI > limits.jobTime().toMillis()) {
            return excess(
                    Limit.TIME,
                    "it worked for " + limits.jobTime().toSeconds() + " s, the limit of this node (job_limit)");
        }
        if (now - lastLook < LOOK_NANOS) {
            return Optional.empty();
        }
        lastLook = now;
        return beyond(usage()).or(this::beyondDisk);
    }

    /** Memory as it was last looked at. */
    long residentBytes() {
        if (residentBytes == 0) {
            residentBytes = family.usageOfKnown().residentBytes();
        }
        return residentBytes;
    }

    private ProcessUsage usage() {
        var usage = family.usage();
        residentBytes = usage.residentBytes();
        return usage;
    }

    private static Optional<Excess> excess(Limit limit, String text) {
        return Optional.of(new Excess(limit, text));
    }

    private Optional<Excess> beyond(ProcessUsage usage) {
        if (usage.residentBytes() > limits.memoryBytes()) {
            return excess(
                    Limit.MEMORY,
                    "it used " + mebibytes(usage.residentBytes()) + " MiB of memory, more than the "
                            + mebibytes(limits.memoryBytes()) + " MiB that this node allows (worker_memory)");
        }
        if (usage.threads() > limits.allThreads()) {
            return excess(
                    Limit.THREADS,
                    "it made " + usage.threads() + " threads; this node allows " + limits.allThreads()
                            + " (worker_threads)");
        }
        if (usage.javas() > 1) {
            return excess(Limit.PROCESSES, "it started another process");
        }
        long cpuMillis = usage.cpuMillis() - cpuMillisBefore;
        if (cpuMillis > limits.jobCpu().toMillis()) {
            return excess(
                    Limit.CPU,
                    "it used " + limits.jobCpu().toSeconds()
                            + " s of CPU time, the limit of this node (job_cpu_limit)");
        }
        return Optional.empty();
    }

    private Optional<Excess> beyondDisk() {
        if (folder.tableBytes() > limits.tableBytes()) {
            return excess(
                    Limit.TABLES,
                    "it put more than " + mebibytes(limits.tableBytes())
                            + " MiB of a table, or too many files, on the disk (worker_tables)");
        }
        return folder.writtenBytes() <= diskBytes
                ? Optional.empty()
                : excess(
                        Limit.DISK,
                        "it wrote more than " + mebibytes(diskBytes)
                                + " MiB, or too many files, into its work folder (worker_disk)");
    }

    private static long mebibytes(long bytes) {
        return bytes >> 20;
    }
}
