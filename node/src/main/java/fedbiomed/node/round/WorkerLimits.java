package fedbiomed.node.round;

import java.time.Duration;

/**
 * What one worker may use.
 *
 * @param heapBytes {@code -Xmx}
 * @param memoryBytes resident memory at which it is ended
 * @param diskBytes what one job may have written in its work folder, beside the model
 * @param tableBytes what the columns of a table that does not fit into memory may take on the disk
 * @param fileBytes largest file that it can write
 * @param threads that a native library works with
 * @param allThreads number of threads at which it is ended
 * @param jobTime wall time of one job
 * @param jobCpu CPU time of one job, all threads together
 */
public record WorkerLimits(
        long heapBytes,
        long memoryBytes,
        long diskBytes,
        long tableBytes,
        long fileBytes,
        int threads,
        int allThreads,
        Duration jobTime,
        Duration jobCpu) {
    /** What a plan may write, or the largest file of a training on the largest model, whatever a request asks for. */
    public static long largestFile(long diskBytes, long largestModel) {
        return diskBytes + FileSizes.largest(largestModel);
    }
}
