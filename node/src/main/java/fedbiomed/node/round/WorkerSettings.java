package fedbiomed.node.round;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How workers are started, and what they may use.
 *
 * @param work folder of work folders; all of it is removed at start
 * @param logs folder of the workers' logs
 * @param cache folder where native libraries are unpacked once
 * @param heapBytes {@code -Xmx}
 * @param memoryBytes resident memory at which a worker is ended
 * @param jobLimit how long one job may take
 * @param idle how long a worker without work is kept
 * @param workers at most so many without work are kept
 */
public record WorkerSettings(
        Path work,
        Path logs,
        Path cache,
        long heapBytes,
        long memoryBytes,
        Duration jobLimit,
        Duration idle,
        int workers,
        int threads) {}
