package fedbiomed.node.round;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How workers are started, and what they may use.
 *
 * @param work folder of work folders; all of it is removed at start
 * @param logs folder of the workers' logs
 * @param cache folder where native libraries are unpacked once
 * @param idle how long a worker without work is kept
 * @param reserveBytes while the machine has less memory to give, workers without work are ended
 * @param workers at most so many without work are kept
 * @param checksBytecode whether a plan's classes are checked before they are loaded; without it only by tests, to prove
 *     the other walls by themselves
 * @param gpu what plans have of the machine's GPUs
 */
public record WorkerSettings(
        Path work,
        Path logs,
        Path cache,
        SandboxKind sandbox,
        WorkerLimits limits,
        Duration idle,
        long reserveBytes,
        int workers,
        boolean checksBytecode,
        GpuPolicy gpu) {}
